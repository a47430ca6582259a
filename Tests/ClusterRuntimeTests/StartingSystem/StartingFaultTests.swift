import ClusterRuntime
import Glibc
import SearchIndex
import SwiftletClient
import Testing
import WireMessages
import ZeroMQ

/// The faults of the starting system's code that no other suite here is about.
@Suite(.timeLimit(.minutes(5))) struct StartingFaultTests {
    @Test(arguments: [1, 2, 3, 5])
    func `document frequencies are those of the whole collection`(shards: Int) async throws {
        try await StartingCluster.run(shards: shards, workers: ["a"]) { starting in
            let answer = try await starting.client.search("title:elixir")
            #expect(answer.hits.map(\.id) == ["elixir-guide", "both", "elixir-concepts"])
            // Three of twelve titles have the word; the titles have 31 words together.
            let idf = log(1 + (12 - 3 + 0.5) / (3 + 0.5))
            let lengths = [3.0, 3, 4]
            for (hit, length) in zip(answer.hits, lengths) {
                let norm = 1.2 * (1 - 0.75 + 0.75 * length / (31.0 / 12))
                let expected = idf * 2.2 / (1 + norm)
                #expect(abs(Double(hit.score) - expected) < 1e-6, "\(hit.id)")
            }
            for query in StartingCorpus.queries {
                let found = try await starting.client.search(
                    query.text, options: SearchOptions(limit: 100))
                let expected = try starting.index.search(
                    starting.index.parse(query.text), limit: 100)
                #expect(found.hits.map(\.score) == expected.hits.map(\.hit.score))
            }
        }
    }

    @Test func `endpoints are heeded`() async throws {
        let clusters = try (0..<2).map { _ in try TestCluster() }
        for (number, cluster) in clusters.enumerated() {
            _ = try cluster.buildIndex(named: "x", shards: 1, [("d\(number)", "word")])
            try cluster.startWorker("a", serving: "x", .all)
        }
        for (number, cluster) in clusters.enumerated() {
            let client = try SearchClient(endpoints: [cluster.endpoints.clients])
            #expect(try await client.search("word").hits.map(\.id) == ["d\(number)"])
            await client.close()
        }
        let nobody = try SearchClient(endpoints: [clusters[0].endpoints.clients + ".not"])
        let unheard = await failure {
            try await nobody.search("word", options: SearchOptions(budget: .milliseconds(200)))
        }
        #expect(unheard?.code == "DEADLINE")
        await nobody.close()
        let malformed = await failure { try SearchClient(endpoints: ["nowhere"]) }
        #expect(malformed?.code == "BAD_REQUEST")
        #expect(malformed?.message.contains("nowhere") == true)
    }

    @Test func `searches run at the same time`() async throws {
        try await StartingCluster.run { starting in
            _ = try starting.cluster.buildIndex(named: "slow", shards: 1, [("a", "word")])
            let silent = try starting.cluster.startSilentWorker("s", serving: "slow", .all)
            defer { _ = silent.inbox.post(.stop) }
            try await starting.status("the silent worker to join") { $0.ready.contains("s") }
            let client = starting.client
            async let slow = failure {
                try await client.search(
                    "word", options: SearchOptions(indexes: ["slow"], budget: .seconds(3)))
            }
            try await starting.status("the slow search to be under way") {
                $0.worker("s")?.inFlight == 1
            }
            for query in StartingCorpus.queries {
                let options = SearchOptions(indexes: ["x"], limit: 100)
                #expect(try await starting.ids(query.text, options) == query.ids)
            }
            #expect(try await starting.client.status().worker("s")?.inFlight == 1)
            #expect(await slow?.code == "DEADLINE")
        }
    }

    @Test func `many clients at once get the answers of one alone`() async throws {
        try await StartingCluster.run { starting in
            let requests = StartingCorpus.queries.map { SearchRequest($0.text, limit: 100) }
            let alone = try await starting.client.answers(to: requests, options: SearchOptions())
                .map { try $0.get().hits }
            #expect(alone.map { $0.map(\.id) } == StartingCorpus.queries.map(\.ids))
            let endpoint = starting.cluster.endpoints.clients
            try await withThrowingTaskGroup(of: [[[SearchHit]]].self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let client = try SearchClient(
                            endpoints: [endpoint], name: "client \(number)")
                        var answers: [[[SearchHit]]] = []
                        for _ in 0..<5 {
                            answers.append(
                                try await client.answers(to: requests, options: SearchOptions())
                                    .map { try $0.get().hits })
                        }
                        await client.close()
                        return answers
                    }
                }
                for try await answers in group {
                    #expect(answers.allSatisfy { $0 == alone })
                }
            }
        }
    }

    @Test func `a node that timed out is called timed out`() async throws {
        let cluster = try TestCluster()
        let index = try cluster.buildIndex(
            named: "x", shards: 3, schema: StartingCorpus.schema, lines: StartingCorpus.lines)
        try cluster.startWorker("a", serving: "x", .only(shardNumbers: [0, 2]))
        let silent = try cluster.startSilentWorker("s", serving: "x", .only(shardNumbers: [1]))
        let client = try SearchClient(endpoints: [cluster.endpoints.clients])
        var options = SearchOptions(budget: .milliseconds(400))
        let late = await failure {
            try await client.search("rust programming", options: options)
        }
        #expect(late?.code == "DEADLINE")
        #expect(late?.message.hasSuffix(" ms ended with 1 of 3 shards unanswered") == true)
        options.partial = PartialAnswers()
        let answer = try await client.search("rust programming", options: options)
        let whole = try index.search(index.parse("rust programming"), limit: 10)
        #expect(
            answer.hits.map(\.id)
                == whole.hits.filter { $0.shard.rawValue != 1 }
                .map { String(decoding: $0.hit.id, as: UTF8.self) })
        #expect(answer.coverage.ok == 2)
        #expect(answer.coverage.failed == 1)
        let failure = try #require(answer.coverage.failures.first)
        #expect(failure.index == "x")
        #expect(failure.shard == 1)
        #expect(failure.code == "DEADLINE")
        #expect(failure.message.hasPrefix("no answer in "), "\(failure.message)")
        _ = silent.inbox.post(.stop)
        await client.close()
    }

    @Test func `a budget too small for anything ends in DEADLINE, never in a wrong answer`()
        async throws
    {
        try await StartingCluster.run { starting in
            let requests = (0..<200).map { _ in SearchRequest("rust programming") }
            let whole = try await starting.client.search("rust programming").hits
            for milliseconds in [0, 1, 2, 5] {
                let answers = await starting.client.answers(
                    to: requests, options: SearchOptions(budget: .milliseconds(milliseconds)))
                #expect(answers.count == requests.count)
                for answer in answers {
                    switch answer {
                    case .success(let response): #expect(response.hits == whole)
                    case .failure(let error): #expect(error.code == "DEADLINE", "\(error)")
                    }
                }
                if milliseconds == 0 {
                    #expect(answers.allSatisfy { (try? $0.get()) == nil })
                }
            }
        }
    }
}
