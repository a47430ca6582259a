import Synchronization
import Testing

@testable import SwiftletClient

/// The order of a batch's answers, and what single requests of it ask.
@Suite(.timeLimit(.minutes(5)))
struct BatchOrderTests {
    private let folder: DataFolder

    init() throws {
        folder = try DataFolder()
        try folder.buildIndex(named: "x", shards: 2, (0..<500).map { "w\($0 % 7) word" })
    }

    @Test
    func `in the order of submission every answer comes behind all before it`() async throws {
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x", threads: 2)
        // Refused queries are known at once, in messages of which several are open.
        let requests = (0..<2_500).map { SearchRequest($0 % 3 == 2 ? "(word" : "w\($0 % 7) word") }
        var options = SearchOptions(documents: false)
        options.order = .submission
        var seen: [Int] = []
        for await (index, answer) in cluster.batch(requests, options: options) {
            let failed = await failure { _ = try answer.get() }
            #expect((failed?.code == "BAD_REQUEST") == (index % 3 == 2))
            seen.append(index)
        }
        #expect(seen == Array(0..<2_500))
        options.order = .completion
        var all: Set<Int> = []
        for await (index, _) in cluster.batch(requests, options: options) { all.insert(index) }
        #expect(all.count == 2_500)
        await cluster.stop()
    }

    @Test
    func `what comes early waits for what is before it`() {
        let seen = Mutex<[Int]>([])
        let sequence = AnswerSequence { index, _ in seen.withLock { $0.append(index) } }
        let answer = Result<SearchResponse, SearchError>.failure(
            SearchError(code: "CANCELLED", message: "none"))
        for (index, expected) in [
            (2, []), (1, []), (0, [0, 1, 2]), (4, [0, 1, 2]), (3, [0, 1, 2, 3, 4]),
        ] as [(Int, [Int])] {
            sequence.take(index, answer)
            #expect(seen.withLock { $0 } == expected)
        }
    }

    @Test
    func `a request says itself whether it wants documents`() async throws {
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x")
        let index = try LocalIndex(directory: "\(folder.path)/x", threads: 1)
        let requests = [nil, true, false].map {
            SearchRequest("word", limit: 3, documents: $0)
        }
        for (isAsked, expected) in [(true, [3, 3, 0]), (false, [0, 3, 0])] {
            let options = SearchOptions(documents: isAsked)
            var counts = [0, 0, 0]
            for await (position, answer) in cluster.batch(requests, options: options) {
                counts[position] = try answer.get().hits.compactMap(\.document).count
            }
            #expect(counts == expected)
            let local = await index.answers(to: requests, options: options)
            #expect(try local.map { try $0.get().hits.compactMap(\.document).count } == expected)
        }
        await cluster.stop()
    }

    @Test
    func `a node is added to a pool and a zone`() async throws {
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNodes([
            NewNode("a", endpoint: "local://x"),
            NewNode("b", endpoint: "local://x", pool: "spare", zone: "west"),
        ])
        let nodes = [try await cluster.nodeStatistics("a"), try await cluster.nodeStatistics("b")]
        #expect(nodes.map(\.pool) == ["default", "spare"])
        #expect(nodes.map(\.zone) == ["", "west"])
        let error = await failure {
            try await cluster.addNodes([NewNode("c", endpoint: "local://x", zone: "a/b")])
        }
        #expect(error?.code == "BAD_REQUEST")
        #expect(error?.message.hasPrefix("node 'c': zone 'a/b'; expected ") == true)
        await cluster.stop()
    }
}
