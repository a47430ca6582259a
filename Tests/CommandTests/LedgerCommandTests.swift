import Foundation
import Testing

/// The ledger of an answer as `search --ledger` shows it, and as a client in JSON gets it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LedgerCommandTests {
    private struct Report: Decodable, Equatable {
        let index, state: String
        let shard: Int?
        let worker, cause, message: String?
        let generation, live_documents, covered_documents, attempts: Int?
        let hedged: Bool?
    }
    private struct Coverage: Decodable {
        let shards: Int
        let ok, failed: Int?
        let reports: [Report]?
    }
    private struct Answer: Decodable { let coverage: Coverage }

    private func search(_ cluster: Cluster, _ arguments: String...) async throws -> Running.End {
        try await run(
            Executable.path, ["search", "--broker", cluster.clients, "word1"] + arguments)
    }

    private func answer(_ end: Running.End) throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(end.output.utf8))
    }

    @Test func `it has worker, generation, documents and attempts of every shard`() async throws {
        var data = SampleData("ledger")
        let folder = try ScratchFolder()
        let input = try folder.write("in.jsonl", data.documents(60))
        try FileManager.default.createDirectory(
            atPath: folder("data"), withIntermediateDirectories: false)
        let built = try await swiftlet(
            "index", "build", "--shards", "3", "--output", folder("data/birds"), input)
        try #require(built.status == 0, "\(built.errors)")
        try await Cluster.run(in: folder, serving: ["[0, 1]", "[2]"], replicas: 1) { cluster in
            let set = try await swiftlet("configure", "--no-hedging", "--broker", cluster.clients)
            try #require(set.status == 0, "\(set.errors)")
            let asked = try await search(cluster, "--ledger", "--json")
            let full = try answer(asked).coverage
            let reports = try #require(full.reports)
            #expect(full.shards == 3 && full.ok == 3)
            let documents = reports.compactMap(\.live_documents)
            #expect(documents.reduce(0, +) == 60)
            let expected = (0..<3).map { shard in
                Report(
                    index: "birds", state: "OK", shard: shard, worker: shard < 2 ? "w1" : "w2",
                    cause: nil, message: nil, generation: 1, live_documents: documents[shard],
                    covered_documents: documents[shard], attempts: 1, hedged: false)
            }
            #expect(reports == expected)
            #expect(try answer(try await search(cluster, "--json")).coverage.reports == nil)

            let shown = try await search(cluster, "--ledger")
            let line =
                /shard birds\/2: ok at w2, generation 1, (\d+) of (\d+) documents, 1 attempt, \d+ µs/
            let found = try #require(shown.output.firstMatch(of: line), "\(shown.output)")
            #expect(found.1 == "\(documents[2])" && found.2 == "\(documents[2])")

            try await checkPython(cluster, documents)
            try await checkFailures(cluster, expected)
        }
    }

    /// The same in JSON on the wire.
    private func checkPython(_ cluster: Cluster, _ documents: [Int]) async throws {
        let python = try await example(
            "batch.py",
            [
                "--settings", #"{"ledger": "FULL", "order": "SUBMISSION"}"#,
                cluster.clients, "word1", #"{"text": "word2", "documents": "NONE"}"#,
            ])
        for text in python.output.split(separator: "\n").prefix(2) {
            let reports =
                try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
                .coverage.reports ?? []
            #expect(reports.map(\.worker) == ["w1", "w1", "w2"])
            #expect(reports.map(\.covered_documents) == documents)
        }
        #expect(python.output.split(separator: "\n").count == 3, "\(python.errors)")
    }

    /// What is shown of a shard without a worker.
    private func checkFailures(_ cluster: Cluster, _ expected: [Report]) async throws {
        let documents = try #require(expected.last?.live_documents)
        let off = try await swiftlet("node", "deactivate", "w2", "--broker", cluster.clients)
        try #require(off.status == 0, "\(off.errors)")
        let partial = try await search(cluster, "--ledger", "--json", "--allow-partial")
        #expect(partial.status == 1)
        let lacking = try answer(partial).coverage
        #expect(lacking.ok == 2 && lacking.failed == 1)
        #expect(
            lacking.reports
                == expected.dropLast() + [
                    Report(
                        index: "birds", state: "SHARD_FAILED", shard: 2, worker: nil,
                        cause: "NO_WORKERS",
                        message: "no live worker serves shard birds/2 ('w2' is inactive)",
                        generation: 0, live_documents: documents, covered_documents: 0,
                        attempts: 0, hedged: false)
                ])
        let none = try await search(cluster, "--ledger")
        #expect(none.status == 69)
        #expect(
            none.errors.contains(
                "shard birds/2: failed NO_WORKERS, 0 attempts, of \(documents) documents"),
            "\(none.errors)")
    }

    @Test func `a setting that a client misspells is refused by name`() async throws {
        try await Cluster.runReplicas { cluster, _ in
            for (settings, words) in [
                (#"{"ledger": "ALL"}"#, "ledger 'ALL'; expected LEDGER_WHEN_NOT_OK, FULL"),
                (#"{"order": "sorted"}"#, "order 'sorted'; expected COMPLETION, SUBMISSION"),
            ] {
                let end = try await example(
                    "batch.py", ["--settings", settings, cluster.clients, "word1"])
                #expect(end.status == 1)
                #expect(end.errors.contains(words), "\(end.errors)")
            }
            let item = try await example(
                "batch.py", [cluster.clients, #"{"text": "word1", "operator": "XOR"}"#, "word1"])
            #expect(item.output.contains("item 0: operator 'XOR'; expected OR, AND"))
            #expect(item.output.contains(#"{"completed": 1, "failed": 1, "cancelled": 0}"#))
        }
    }
}
