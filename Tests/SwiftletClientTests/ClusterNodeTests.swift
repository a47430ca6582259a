import SwiftletClient
import Testing

/// Nodes that come and go in a cluster within this process.
@Suite(.timeLimit(.minutes(5)))
struct ClusterNodeTests {
    private let folder: DataFolder

    init() throws {
        folder = try DataFolder()
        try folder.buildIndex(named: "x", shards: 2, (0..<500).map { "w\($0 % 7) word" })
    }

    /// What is said of a node `b` that is to serve the damaged index `broken`.
    private var broken: String {
        "node 'b': could not be started: \(folder.path)/broken/shards/0000/segment-1.seg, header, byte "
            + "7: damaged segment file; expected at least 72 bytes, found 7 bytes; restore the file "
            + "from a replica or rebuild the index"
    }

    @Test
    func `many nodes are added at once and all serve`() async throws {
        let cluster = try await SearchCluster.started(in: folder)
        let names = (10..<26).map { "n\($0)" }
        try await cluster.addNodes(names.map { NewNode($0, endpoint: "local://x") })
        #expect(try await cluster.activeNodes() == names)
        let statistics = try await cluster.clusterStatistics()
        #expect(statistics.totalNodes == 16)
        #expect(statistics.activeNodes == 16)
        #expect(statistics.inactiveNodes == 0)
        #expect(statistics.indexes.map(\.name) == ["x"])
        #expect(statistics.indexes.map(\.documents) == [500])
        #expect(statistics.indexes.first?.shards == [names, names])
        for name in names.prefix(15) { try await cluster.removeNode(name) }
        #expect(try await cluster.activeNodes() == ["n25"])
        #expect(try await cluster.clusterStatistics().totalNodes == 1)
        #expect(try await cluster.search("word").totalHits == 500)
        await cluster.stop()
    }

    @Test
    func `nodes that cannot be are refused, and nothing is left of them`() async throws {
        try folder.buildIndex(named: "broken", ["one"])
        try folder.damage("broken")
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x")
        let host = try await cluster.nodeStatistics("a").host
        let refused: [(NewNode, String)] = [
            (NewNode("a", endpoint: "local://x"), "add: a worker named 'a' has joined already"),
            (
                NewNode("b", endpoint: "local://y"),
                "node 'b': there is no index 'y' in \(folder.path) on \(host)"
            ),
            (
                NewNode("b", endpoint: "tcp://host:1"),
                "node 'b': endpoint 'tcp://host:1'; expected local://INDEX (remote workers add "
                    + "themselves)"
            ),
            (
                NewNode("b", endpoint: "local://x", weight: -1),
                "add: weight -1.0; expected 0 (its number of threads) or 0.001 to 1000000.0"
            ),
            (
                NewNode("b", endpoint: "local://x", threads: 257),
                "node 'b': 257 threads; expected 1 to 256"
            ),
            (
                NewNode("b", endpoint: "local://x", threads: -1),
                "node 'b': -1 threads; expected 1 to 256"
            ),
            (
                NewNode("b/c", endpoint: "local://x"),
                "add: name 'b/c'; expected 1 to 64 characters out of A-Z a-z 0-9 . _ -, the first a "
                    + "letter or digit"
            ),
            (NewNode("b", endpoint: "local://broken"), broken),
        ]
        for (node, words) in refused {
            let error = await failure {
                try await cluster.addNodes([node])
            }
            #expect(error?.description == "BAD_REQUEST: \(words)")
        }
        let twice = await failure {
            try await cluster.addNodes([
                NewNode("c", endpoint: "local://x"), NewNode("c", endpoint: "local://x"),
            ])
        }
        #expect(twice?.description == "BAD_REQUEST: add: node 'c' is named twice")
        #expect(try await cluster.clusterStatistics().totalNodes == 1)
        try await cluster.addNode("b", endpoint: "local://x")
        #expect(try await cluster.activeNodes() == ["a", "b"])
        await cluster.stop()
    }

    @Test
    func `of several nodes, those that can be started stay`() async throws {
        try folder.buildIndex(named: "broken", ["one"])
        try folder.damage("broken")
        let cluster = try await SearchCluster.started(in: folder)
        let error = await failure {
            try await cluster.addNodes([
                NewNode("a", endpoint: "local://x"), NewNode("b", endpoint: "local://broken"),
                NewNode("c", endpoint: "local://x"),
            ])
        }
        #expect(error?.description == "BAD_REQUEST: \(broken)")
        #expect(try await cluster.activeNodes() == ["a", "c"])
        await cluster.stop()
    }

    @Test
    func `verbs for a node that is not there fail with NOT_FOUND`() async throws {
        let cluster = try await SearchCluster.started(in: folder)
        let unknown = "node: no worker named 'no' has joined this broker"
        let calls: [(call: () async throws -> Void, words: String)] = [
            ({ try await cluster.removeNode("no") }, unknown + "; `status` lists them"),
            ({ try await cluster.drainNode("no") }, unknown + "; `status` lists them"),
            (
                { try await cluster.startNode("no") },
                "node: no supervisor of this broker runs a worker 'no'"
            ),
            (
                { try await cluster.setNode("no", isActive: false) },
                unknown + "; `status` lists them"
            ),
            ({ _ = try await cluster.nodeStatistics("no") }, unknown),
        ]
        for (call, words) in calls {
            #expect(await failure(call)?.description == "NOT_FOUND: \(words)")
        }
        await cluster.stop()
    }

    @Test
    func `a node that is removed during a batch costs no answer`() async throws {
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x")
        try await cluster.addNode("b", endpoint: "local://x")
        let requests = (0..<3_000).map { SearchRequest("w\($0 % 7) word") }
        var seen: Set<Int> = []
        for await (index, answer) in cluster.batch(requests) {
            if seen.count == 200 { try await cluster.removeNode("a") }
            let answer = try answer.get()
            #expect(answer.totalHits == 500)
            #expect(answer.coverage.isComplete)
            #expect(answer.hits.first?.id == "d\(index % 7)")
            #expect(seen.insert(index).inserted)
        }
        #expect(seen.count == requests.count)
        let statistics = try await cluster.clusterStatistics()
        #expect(statistics.totalNodes == 1)
        #expect(statistics.searches.successful == 3_000)
        await cluster.stop()
    }

    @Test
    func `a drained node ends, stays known, and serves again when it is started`() async throws {
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x", weight: 2.5)
        try await cluster.drainNode("a")
        let drained = try await cluster.nodeStatistics("a")
        #expect(drained.state == .stopped)
        #expect(!drained.getsTasks)
        #expect(drained.shards == [])
        #expect(try await cluster.activeNodes() == [])
        for _ in 0..<3 {
            try await cluster.startNode("a")
            #expect(try await cluster.search("word").totalHits == 500)
            try await cluster.drainNode("a")
        }
        try await cluster.startNode("a")
        let started = try await cluster.nodeStatistics("a")
        #expect(started.state == .ready)
        #expect(started.weight == 2.5)
        await cluster.stop()
    }

    @Test
    func `a healthy check does not undo what an operator has said`() async throws {
        let settings = ClusterSettings(healthCheckInterval: .milliseconds(100))
        let cluster = try await SearchCluster.started(in: folder, settings: settings)
        try await cluster.addNode("a", endpoint: "local://x")
        try await cluster.addNode("b", endpoint: "local://x")
        try await cluster.setNode("a", isActive: false, weight: 7)
        let before = try await cluster.nodeStatistics("a").health.reports
        try await eventually("no healthy reports came") {
            let health = try await cluster.nodeStatistics("a").health
            return health.grade == .healthy && health.reports > before + 2
        }
        let node = try await cluster.nodeStatistics("a")
        #expect(!node.isActive)
        #expect(!node.getsTasks)
        #expect(node.weight == 7)
        #expect(try await cluster.activeNodes() == ["b"])
        for _ in 0..<20 { _ = try await cluster.search("word") }
        #expect(try await cluster.nodeStatistics("a").searches == 0)
        try await cluster.setNode("a", isActive: true)
        #expect(try await cluster.activeNodes() == ["a", "b"])
        await cluster.stop()
    }
}
