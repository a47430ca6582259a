import Foundation
import Testing

/// What a client of another language does in JSON: every setting, every verb, cancelling.
@Suite(.serialized, .timeLimit(.minutes(5))) struct PythonClientTests {
    private typealias Settings = ClusterStatus.Settings

    private struct Reply: Decodable { let settings: Settings }
    private struct Status: Decodable {
        struct Broker: Decodable { let settings: Settings }
        let broker: Broker
    }

    private func admin(_ cluster: Cluster, _ verb: String, _ body: String...) async throws
        -> Running.End
    {
        try await example("admin.py", [cluster.clients, verb] + body)
    }

    /// What is sent, and what it changes.
    private static let changes: [(body: String, change: @Sendable (inout Settings) -> Void)] = [
        (#"{"timeout_ms": 1234}"#, { $0.timeout_ms = 1_234 }),
        (#"{"max_retries": 7}"#, { $0.max_retries = 7 }),
        (#"{"max_retries": 0}"#, { $0.max_retries = 0 }),
        (#"{"hedging": true}"#, { $0.hedging = true }),
        (#"{"hedging": false}"#, { $0.hedging = false }),
        (#"{"health_check_ms": 500}"#, { $0.health_check_ms = 500 }),
        (#"{"slow_query_ms": 250}"#, { $0.slow_query_ms = 250 }),
        (#"{"slow_query_ms": 0}"#, { $0.slow_query_ms = 0 }),
        (#"{"merge_strategy": "SCORE_ASC"}"#, { $0.merge_strategy = "SCORE_ASC" }),
        (
            #"{"merge_strategy": "MERGE_ROUND_ROBIN"}"#,
            { $0.merge_strategy = "MERGE_ROUND_ROBIN" }
        ),
        (#"{"load_balancing": "HEALTH_BASED"}"#, { $0.load_balancing = "HEALTH_BASED" }),
        (
            #"{"load_balancing": "ADAPTIVE", "hedging": true, "of_a_later_version": 1}"#,
            {
                $0.load_balancing = "ADAPTIVE"
                $0.hedging = true
            }
        ),
    ]

    /// What is refused, and how.
    private static let refused = [
        (
            #"{"load_balancing": "FASTEST"}"#,
            "configure: load_balancing 'FASTEST'; expected ROUND_ROBIN, WEIGHTED_ROUND_ROBIN, "
                + "LEAST_CONNECTIONS, HEALTH_BASED, ADAPTIVE"
        ),
        (
            #"{"merge_strategy": "score_asc", "hedging": false}"#,
            "configure: merge_strategy 'score_asc'; expected SCORE_DESC, SCORE_ASC, NODE_ORDER, "
                + "MERGE_ROUND_ROBIN, RECIPROCAL_RANK_FUSION"
        ),
        (#"{"max_retries": -1}"#, "configure: max_retries -1; expected 0 to 100"),
        (#"{"timeout_ms": 1e12}"#, "configure: timeout_ms 1000000000000; expected 1 to 300000"),
        (#"{"timeout_ms": 300001}"#, "configure: timeout_ms 300001; expected 1 to 300000"),
        (#"{"health_check_ms": 99}"#, "configure: health_check_ms 99; expected 100 to 3600000"),
        (
            #"{"slow_query_ms": 0.4}"#, "configure: slow_query_ms 0.4; expected 0 to 300000"
        ),
    ]

    @Test func `every setting is changed, reported, and refused by name where it is wrong`()
        async throws
    {
        try await Cluster.runReplicas { cluster, _ in
            var expected = try #require(try await cluster.status().broker.settings)
            for (body, change) in Self.changes {
                let end = try await admin(cluster, "configure", body)
                try #require(end.status == 0, "\(end.errors)")
                change(&expected)
                let decoder = JSONDecoder()
                let reply = try decoder.decode(Reply.self, from: Data(end.output.utf8))
                #expect(reply.settings == expected, "\(body)")
                let status = try await admin(cluster, "status")
                let seen = try decoder.decode(Status.self, from: Data(status.output.utf8))
                #expect(seen.broker.settings == expected, "\(body)")
            }
            for (body, words) in Self.refused {
                let end = try await admin(cluster, "configure", body)
                #expect(end.status == 1)
                let refusal = #""code": "BAD_REQUEST", "message": "\#(words)""#
                #expect(end.errors.contains(refusal), "\(end.errors)")
            }
            #expect(try await cluster.status().broker.settings == expected)
        }
    }

    @Test func `nodes are added, drained, started, removed, and taken out of use and back`()
        async throws
    {
        try await Cluster.runReplicas { cluster, _ in
            func tell(_ verb: String, _ body: String) async throws {
                let end = try await admin(cluster, verb, body)
                try #require(end.status == 0, "\(verb): \(end.errors)")
            }
            try await tell(
                "add",
                #"""
                {"nodes": [{"name": "w3", "endpoint": "local://birds", "weight": 4, "threads": 2,
                "pool": "spare", "zone": "west"}]}
                """#)
            try await cluster.waitForReplicas(3)
            let added = try await cluster.status().worker("w3")
            #expect(added?.weight == 4 && added?.pool == "spare" && added?.zone == "west")

            try await tell("drain", #"{"name": "w3"}"#)
            try await cluster.status("w3 to end") {
                $0.child("w3")?.pid == nil && $0.worker("w3")?.state == "STOPPING"
            }
            try await tell("start", #"{"name": "w3"}"#)
            try await cluster.waitForReplicas(3)

            try await tell("node", #"{"name": "w3", "active": false, "weight": 0.5}"#)
            let inactive = try await cluster.status().worker("w3")
            #expect(inactive?.inactive == true && inactive?.weight == 0.5)
            try await tell("node", #"{"name": "w3", "active": true, "weight": 0}"#)
            let active = try await cluster.status().worker("w3")
            #expect(active?.inactive == nil && active?.weight == 4)

            try await tell("remove", #"{"name": "w3"}"#)
            try await cluster.status("w3 to be forgotten") {
                $0.worker("w3") == nil && $0.child("w3") == nil
            }
            let again = try await admin(cluster, "remove", #"{"name": "w3"}"#)
            #expect(again.status == 1)
            #expect(
                again.errors.contains(#""code": "NOT_FOUND", "message": "node: no worker named"#),
                "\(again.errors)")
        }
    }

    private struct Answer: Decodable {
        struct Hit: Decodable { let id: String }
        struct Failure: Decodable { let code: String }
        let query: String?
        let hits: [Hit]?
        let error: Failure?
        let completed, failed, cancelled: Int?
    }

    /// The lines of `batch.py`: of each query its hits' ids or the code of its failure, then the counts.
    private func batch(_ cluster: Cluster, _ arguments: String...) async throws
        -> (outcomes: [[String]], counts: [Int])
    {
        let end = try await example("batch.py", [cluster.clients] + arguments)
        let lines = try end.output.split(separator: "\n").map {
            try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
        }
        let counts = try #require(lines.last, "\(end.errors)")
        let outcomes = lines.dropLast().map { line in
            line.error.map { [$0.code] } ?? (line.hits ?? []).map(\.id)
        }
        let numbers = [counts.completed, counts.failed, counts.cancelled].compactMap(\.self)
        #expect(end.status == (counts.completed == outcomes.count ? 0 : 1))
        return (outcomes, numbers)
    }

    @Test func `one item of a batch is cancelled, or the whole batch`() async throws {
        try await Cluster.runReplicas { cluster, _ in
            let idle = try await batch(cluster, "--cancel", "7", "word1", "word2")
            #expect(idle.counts == [2, 0, 0])
            // Items wait for a worker, so that the CANCEL finds them.
            for worker in ["w1", "w2"] {
                let off = try await admin(
                    cluster, "node", #"{"name": "\#(worker)", "active": false}"#)
                try #require(off.status == 0, "\(off.errors)")
            }
            let one = try await batch(cluster, "--cancel", "1", "word1", "word2", "word3")
            #expect(one.outcomes == [["NO_WORKERS"], ["CANCELLED"], ["NO_WORKERS"]])
            #expect(one.counts == [0, 2, 1])
            let all = try await batch(cluster, "--cancel", "all", "word1", "word2", "word3")
            #expect(all.outcomes == [["CANCELLED"], ["CANCELLED"], ["CANCELLED"]])
            #expect(all.counts == [0, 0, 3])
            let late = try await batch(cluster, "--budget-ms", "300", "word1")
            #expect(late.outcomes == [["DEADLINE"]])
            let broker = try await cluster.status().broker
            #expect(broker.items_cancelled == 4 && broker.items_failed == 3)
            #expect(broker.items_completed == 2)
        }
    }

    @Test func `settings of a batch and of its items are heeded`() async throws {
        try await Cluster.runReplicas { cluster, folder in
            func local(_ arguments: String...) async throws -> [String] {
                let end = try await run(
                    Executable.path,
                    ["search", "--index", folder("data/birds"), "--json"] + arguments)
                return try SearchAnswer(end).hits.map(\.id)
            }
            let lowest = try await batch(
                cluster, "--priority", "9", "--settings",
                #"{"merge": "SCORE_ASC", "limit": 4, "operator": "AND", "documents": "NONE"}"#,
                "word1 word2", #"{"text": "word1 word2", "limit": 2, "operator": "OR"}"#)
            let both = try await local(
                "--merge", "score_asc", "--limit", "4", "--operator", "and", "word1 word2")
            let any = try await local("--merge", "score_asc", "--limit", "2", "word1 word2")
            #expect(lowest.outcomes == [both, any])
            #expect(lowest.counts == [2, 0, 0])
            #expect(both.count == 4 && any.count == 2 && both.prefix(2) != any[...])
        }
    }
}
