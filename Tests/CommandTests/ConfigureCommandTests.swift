import Foundation
import Testing

/// Every setting of `swiftlet configure`, and the timeout that searches then have.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ConfigureCommandTests {
    /// Options, what they change, and how that is shown.
    private static let changes:
        [(
            options: [String], change: @Sendable (inout ClusterStatus.Settings) -> Void,
            words: String
        )] = [
            (["--merge", "node_order"], { $0.merge_strategy = "NODE_ORDER" }, "merge node_order"),
            (
                ["--health-check", "0.5"], { $0.health_check_ms = 500 },
                "health check every 0.5 s"
            ),
            (["--hedging"], { $0.hedging = true }, "hedging on"),
            (["--no-hedging"], { $0.hedging = false }, "hedging off"),
            (["--max-retries", "0"], { $0.max_retries = 0 }, "max retries 0"),
            (["--max-retries", "100"], { $0.max_retries = 100 }, "max retries 100"),
            (["--slow-query", "0.25"], { $0.slow_query_ms = 250 }, "slow queries from 0.25 s on"),
            (
                ["--slow-query", "0.0004"], { $0.slow_query_ms = 1 },
                "slow queries from 0.001 s on"
            ),
            (["--slow-query", "0"], { $0.slow_query_ms = 0 }, "slow queries not logged"),
            (
                ["--merge", "reciprocal_rank_fusion", "--query-timeout", "1.5"],
                {
                    $0.merge_strategy = "RECIPROCAL_RANK_FUSION"
                    $0.timeout_ms = 1_500
                }, "query timeout 1.5 s"
            ),
        ]

    @Test func `every setting is changed alone, and shown by status and by configure`() async throws
    {
        try await Cluster.runReplicas { cluster, _ in
            var expected = try #require(try await cluster.status().broker.settings)
            for change in Self.changes {
                let set = try await run(
                    Executable.path, ["configure", "--broker", cluster.clients] + change.options)
                #expect(set.status == 0, "\(set.errors)")
                #expect(set.output.contains(change.words), "\(set.output)")
                change.change(&expected)
                #expect(try await cluster.status().broker.settings == expected)
                let shown = try await swiftlet("status", "--broker", cluster.clients)
                #expect(shown.output.contains(change.words), "\(shown.output)")
            }
        }
    }

    @Test func `a setting out of range is refused and changes nothing`() async throws {
        try await Cluster.runReplicas { cluster, _ in
            let before = try await cluster.status().broker.settings
            let refused: [(options: [String], status: Int32, words: String)] = [
                (["--merge", "best"], 64, "'best' is invalid"),
                (["--max-retries", "101"], 65, "max_retries 101; expected 0 to 100"),
                (["--max-retries", "-1"], 64, "--max-retries"),
                (
                    ["--health-check", "3600.5"], 65,
                    "health_check_ms 3600500; expected 100 to 3600000"
                ),
                (["--slow-query", "300.001"], 65, "slow_query_ms 300001; expected 0 to 300000"),
                (["--slow-query", "-1"], 64, "--slow-query"),
            ]
            for refusal in refused {
                let set = try await run(
                    Executable.path, ["configure", "--broker", cluster.clients] + refusal.options)
                #expect(set.status == refusal.status, "\(refusal.options)")
                #expect(set.errors.contains(refusal.words), "\(set.errors)")
            }
            #expect(try await cluster.status().broker.settings == before)
        }
    }

    @Test func `the configured timeout holds for searches and batches that name none`() async throws
    {
        try await Cluster.runReplicas { cluster, folder in
            for worker in ["w1", "w2"] {
                let off = try await swiftlet(
                    "node", "deactivate", worker, "--broker", cluster.clients)
                #expect(off.status == 0, "\(off.errors)")
            }
            let set = try await swiftlet(
                "configure", "--query-timeout", "0.3", "--broker", cluster.clients)
            #expect(set.status == 0, "\(set.errors)")
            let search = ["search", "--broker", cluster.clients, "word1"]
            let late = try await run(Executable.path, search)
            #expect(late.errors.contains("DEADLINE"), "\(late.errors)")
            // A shard that nobody serves is waited for, longer than that.
            let patient = try await run(Executable.path, search + ["--timeout", "10"])
            #expect(patient.errors.contains("NO_WORKERS"), "\(patient.errors)")
            let batch = try await swiftlet(
                "batch", "--broker", cluster.clients, "--output", "-", "--input",
                try folder.write("queries", "q1\tword1\nq2\tword2\n"))
            #expect(batch.status == 1)
            let codes = batch.output.matches(of: /"code":"(\w+)"/).map { String($0.1) }
            #expect(codes == ["DEADLINE", "DEADLINE"], "\(batch.output)")
        }
    }
}
