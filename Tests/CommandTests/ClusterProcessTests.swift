import Foundation
import Glibc
import Testing

@Suite(.serialized, .timeLimit(.minutes(10))) struct ClusterProcessTests {
    /// Every shard of three on two workers.
    static let replicated = ["[0, 1]", "[1, 2]", "[2, 0]"]

    /// A folder with an index `data/birds` of three shards.
    private func folder(_ documents: String, data: String = "data") async throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try await build(documents, in: folder, data: data)
        return folder
    }

    @discardableResult
    private func build(
        _ documents: String, in folder: ScratchFolder, data: String
    ) async throws -> String {
        let input = try folder.write("\(data).jsonl", documents)
        try FileManager.default.createDirectory(
            atPath: folder(data), withIntermediateDirectories: true)
        let output = folder("\(data)/birds")
        let built = try await swiftlet(
            "index", "build", "--shards", "3", "--output", output, "--json", input)
        try #require(built.status == 0, "\(built.errors)")
        return try JSONDecoder().decode(Build.self, from: Data(built.output.utf8)).build
    }

    private struct Build: Decodable { let build: String }

    @Test func `a batch through the broker equals the batch in process byte for byte`()
        async throws
    {
        var data = SampleData("equal batches")
        let folder = try await folder(data.documents(300))
        let queries = try folder.write("queries", data.queries(500))
        let local = try await swiftlet(
            "batch", "--index", folder("data/birds"), "--input", queries, "--output",
            folder("local"), "--format", "trec", "--limit", "100")
        #expect(local.status == 0, "\(local.errors)")
        try await Cluster.run(in: folder, serving: Self.replicated, replicas: 2) { cluster in
            let batch = try cluster.startBatch(queries, output: folder("remote"), limit: 100)
            let end = try await batch.end()
            #expect(end.status == 0, "\(end.errors)")
        }
        let expected = try folder.bytes("local")
        #expect(expected.count > 100_000)
        #expect(try folder.bytes("remote") == expected)
    }

    @Test func `a batch of 5000 loses nothing with a worker that is killed`() async throws {
        var data = SampleData("killed worker")
        let folder = try await folder(data.documents(200))
        let queries = try folder.write("queries", data.queries(5_000))
        try await Cluster.run(in: folder, serving: Self.replicated, replicas: 2) { cluster in
            let calm = try await cluster.startBatch(queries, output: folder("calm"), limit: 10)
                .end()
            try #require(calm.status == 0, "\(calm.errors)")
            // A stopped worker holds its tasks, so that it surely dies with some in flight. It is stopped
            // when there is work, or it could be missed by the time a slow machine has begun the batch.
            let before = try await cluster.status()
            let victim = try #require(before.worker("w2")?.pid)
            let batch = try cluster.startBatch(queries, output: folder("stormy"), limit: 10)
            try await cluster.status("items of the batch") {
                $0.broker.items_accepted != before.broker.items_accepted
            }
            try #require(kill(victim, SIGSTOP) == 0)
            try await cluster.status("tasks in flight on w2") {
                ($0.worker("w2")?.in_flight ?? 0) > 0
            }
            try #require(kill(victim, SIGKILL) == 0)
            let stormy = try await batch.end()
            #expect(stormy.status == 0, "\(stormy.errors)")
            try await cluster.status("w2 to be back") { status in
                let worker = status.worker("w2")
                return worker?.state == "READY" && worker?.pid != victim
                    && (worker?.times_lost ?? 0) >= 1 && (status.child("w2")?.restarts ?? 0) >= 1
            }
            try await cluster.waitForReplicas(2)
        }
        #expect(try folder.bytes("stormy") == folder.bytes("calm"))
        let summary = try JSONDecoder().decode(
            [String: Double].self, from: Data(folder.bytes("stormy.json")))
        #expect(summary["items"] == 5_000)
        #expect(summary["completed"] == 5_000)
        #expect((summary["resent"] ?? 0) + (summary["hedged"] ?? 0) > 0)
    }

    @Test func `a shard that nobody serves fails the search and is named`() async throws {
        var data = SampleData("unserved shard")
        let folder = try await folder(data.documents(50))
        let cluster = try Cluster(in: folder, serving: ["[0, 2]"])
        do {
            try await cluster.status("w1 to serve") { $0.worker("w1")?.state == "READY" }
            let refused = try await swiftlet(
                "search", "--broker", cluster.clients, "word1", deadlineSeconds: 4)
            #expect(refused.status == 69)
            #expect(refused.output.isEmpty)
            #expect(refused.errors.contains("NO_WORKERS"), "\(refused.errors)")
            #expect(refused.errors.contains("birds/1"), "\(refused.errors)")
            let shown = try await swiftlet("status", "--broker", cluster.clients)
            #expect(shown.output.contains("shard 1: NOBODY SERVES IT"), "\(shown.output)")
        } catch {
            _ = try? await cluster.stop()
            throw error
        }
        #expect(try await cluster.stop().status == 0)
    }

    /// What of `swiftlet search --json` tells of shards.
    private struct ShardedAnswer: Decodable {
        struct Hit: Decodable {
            let id: String
            let shard: Int
        }

        struct Coverage: Decodable {
            struct Failure: Decodable, Equatable {
                let index: String
                let shard: Int
                let code: String
            }

            let shards: Int
            let ok: Int
            let failed: Int
            let failures: [Failure]?
        }

        let hits: [Hit]
        let coverage: Coverage
    }

    @Test func `a partial answer is that of the shards which are served, the others named`()
        async throws
    {
        var data = SampleData("partial answer")
        let folder = try await folder(data.documents(200))
        let asked = ["search", "--json", "--limit", "1000", "word1 word2"]
        let whole = try await run(
            Executable.path, asked + ["--index", folder("data/birds")])
        try #require(whole.status == 0, "\(whole.errors)")
        let all = try JSONDecoder().decode(ShardedAnswer.self, from: Data(whole.output.utf8))
        let cluster = try Cluster(in: folder, serving: ["[0, 2]"])
        do {
            try await cluster.status("w1 to serve") { $0.worker("w1")?.state == "READY" }
            let partial = asked + ["--broker", cluster.clients, "--allow-partial"]
            let found = try await run(Executable.path, partial, deadlineSeconds: 4)
            #expect(found.status == 1, "\(found.errors)")
            let answer = try JSONDecoder().decode(
                ShardedAnswer.self, from: Data(found.output.utf8))
            #expect(!answer.hits.isEmpty)
            #expect(answer.hits.map(\.id) == all.hits.filter { $0.shard != 1 }.map(\.id))
            #expect(answer.coverage.shards == 3)
            #expect(answer.coverage.ok == 2)
            #expect(
                answer.coverage.failures == [.init(index: "birds", shard: 1, code: "NO_WORKERS")])
            let refused = try await run(
                Executable.path, partial + ["--min-coverage", "0.9"], deadlineSeconds: 4)
            #expect(refused.status == 69)
            #expect(refused.errors.contains("min_coverage is 0.9"), "\(refused.errors)")
        } catch {
            _ = try? await cluster.stop()
            throw error
        }
        #expect(try await cluster.stop().status == 0)
    }

    @Test func `a worker with another build of an index is refused, naming both builds`()
        async throws
    {
        var data = SampleData("other build")
        let folder = try ScratchFolder()
        let served = try await build(data.documents(50), in: folder, data: "data")
        let other = try await build(data.documents(50), in: folder, data: "other")
        try await Cluster.run(in: folder, serving: ["all"], replicas: 1) { cluster in
            let intruder = try Running(
                Executable.path,
                [
                    "worker", "--name", "intruder", "--data", folder("other"), "--serve",
                    "birds=all", "--broker", cluster.workers, "--health", cluster.health,
                ])
            let status = try? await cluster.status("the refusal of the intruder") {
                $0.worker("intruder")?.refusal?.isEmpty == false
            }
            intruder.send(SIGTERM)
            #expect(try await intruder.end().status == 0)
            let refusal = try #require(status?.worker("intruder")?.refusal)
            #expect(refusal.contains(served) && refusal.contains(other), "\(refusal)")
            let found = try await swiftlet("search", "--broker", cluster.clients, "word1")
            #expect(found.status == 0, "\(found.errors)")
        }
    }

    @Test func `garbage to both sockets of the broker does not keep it from answering`()
        async throws
    {
        var data = SampleData("garbage")
        let folder = try await folder(data.documents(50))
        try await Cluster.run(in: folder, serving: ["all", "all"], replicas: 2) { cluster in
            let before = try await cluster.status().child("b1")
            let seed = "\(UInt32.random(in: .min ... .max))"
            let sent = try await python(
                PythonScripts.sendGarbage, [seed, cluster.clients, cluster.workers])
            #expect(sent.status == 0, "\(sent.errors)")
            let found = try await swiftlet("search", "--broker", cluster.clients, "word1")
            #expect(found.status == 0, "seed \(seed): \(found.errors)")
            let status = try await cluster.status()
            #expect(status.child("b1")?.pid == before?.pid, "seed \(seed)")
            #expect(status.child("b1")?.restarts == before?.restarts, "seed \(seed)")
            #expect((status.broker.malformed_messages ?? 0) > 100, "seed \(seed)")
        }
    }
}
