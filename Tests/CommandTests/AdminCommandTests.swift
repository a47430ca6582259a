import Foundation
import Glibc
import Testing

/// Settings and workers of a running cluster, changed by the commands and from Python.
@Suite(.serialized, .timeLimit(.minutes(5))) struct AdminCommandTests {
    private func withCluster(
        _ body: (Cluster, ScratchFolder) async throws -> Void
    ) async throws {
        try await Cluster.runReplicas(body)
    }

    private func python(_ cluster: Cluster, _ arguments: String...) async throws -> Running.End {
        try await example("admin.py", [cluster.clients] + arguments)
    }

    /// Searches `count` times, one after the other, since a full window would change the shares; how
    /// many tasks each worker did more.
    private func tasks(
        of count: Int, _ cluster: Cluster, _ more: String...
    ) async throws -> [Int] {
        let before = try await cluster.status()
        for _ in 0..<count {
            let end = try await run(
                Executable.path, ["search", "--broker", cluster.clients, "word1"] + more)
            try #require(end.status == 0, "\(end.errors)")
        }
        let after = try await cluster.status()
        return ["w1", "w2"].map {
            (after.worker($0)?.tasks_done ?? 0) - (before.worker($0)?.tasks_done ?? 0)
        }
    }

    @Test func `an inactive worker gets nothing until it is active again`() async throws {
        try await withCluster { cluster, _ in
            #expect(try await tasks(of: 6, cluster) == [3, 3])
            let off = try await swiftlet("node", "deactivate", "w1", "--broker", cluster.clients)
            #expect(off.status == 0, "\(off.errors)")
            #expect(try await cluster.status().worker("w1")?.inactive == true)
            #expect(try await tasks(of: 6, cluster) == [0, 6])
            let shown = try await swiftlet("status", "--broker", cluster.clients)
            #expect(shown.output.contains("INACTIVE"), "\(shown.output)")
            let times = /answers: mean (\d+) µs; of late p50 (\d+) µs, p99 (\d+) µs/
            let found = try #require(shown.output.firstMatch(of: times), "\(shown.output)")
            let numbers = try [found.1, found.2, found.3].map { try #require(Int($0)) }
            #expect(numbers[0] > 0 && numbers[1] > 0 && numbers[2] >= numbers[1])
            // A new process of that name is as inactive as the old one.
            let old = try #require(try await cluster.status().worker("w1")?.pid)
            try #require(kill(old, SIGKILL) == 0)
            try await cluster.status("w1 to be back") {
                $0.worker("w1")?.state == "READY" && $0.worker("w1")?.pid != old
            }
            #expect(try await cluster.status().worker("w1")?.inactive == true)
            #expect(try await tasks(of: 4, cluster) == [0, 4])
            let on = try await swiftlet("node", "activate", "w1", "--broker", cluster.clients)
            #expect(on.status == 0, "\(on.errors)")
            #expect(try await tasks(of: 6, cluster) == [3, 3])
        }
    }

    @Test func `weights, zones and strategies of cluster.yaml, commands and searches are in force`()
        async throws
    {
        try await withCluster { cluster, _ in
            let status = try await cluster.status()
            #expect(status.workers?.map(\.zone) == ["east", "east"])
            #expect(status.workers?.map(\.weight) == [2.5, 2.5])
            let set = try await swiftlet(
                "node", "weight", "w1", "7.5", "--broker", cluster.clients)
            #expect(set.status == 0, "\(set.errors)")
            #expect(try await tasks(of: 8, cluster) == [6, 2])
            #expect(
                try await tasks(of: 8, cluster, "--load-balancing", "round_robin")
                    == [4, 4])
            let configured = try await swiftlet(
                "configure", "--broker", cluster.clients, "--load-balancing", "round_robin",
                "--query-timeout", "2.5")
            #expect(configured.status == 0, "\(configured.errors)")
            #expect(
                configured.output.contains(
                    "query timeout 2.5 s, max retries 16, load balancing round_robin"),
                "\(configured.output)")
            #expect(try await tasks(of: 8, cluster) == [4, 4])
            let shown = try await swiftlet("configure", "--broker", cluster.clients)
            #expect(shown.output == configured.output)
        }
    }

    @Test func `a refusal says what is allowed and changes nothing`() async throws {
        try await withCluster { cluster, _ in
            let before = try await swiftlet("configure", "--broker", cluster.clients)
            let retries = try await swiftlet(
                "configure", "--broker", cluster.clients, "--max-retries", "101",
                "--query-timeout", "1")
            #expect(retries.status == 65)
            #expect(retries.errors.contains("max_retries 101; expected 0 to 100"))
            let unknown = try await swiftlet("node", "activate", "w9", "--broker", cluster.clients)
            #expect(unknown.status == 65)
            #expect(unknown.errors.contains("no worker named 'w9'"), "\(unknown.errors)")
            let nobody = try await swiftlet(
                "node", "activate", "w1", "--timeout", "1", "--broker", cluster.clients + ".not",
                "--broker", cluster.clients)
            #expect(nobody.status == 69)
            let after = try await swiftlet("configure", "--broker", cluster.clients)
            #expect(after.output == before.output)
        }
    }

    @Test func `bench cluster counts and times every arrival, and its status tells of failures`()
        async throws
    {
        struct Interval: Decodable {
            let from_s, to_s, p50_us, p99_us, max_us: Double
            let queries, failed: Int
        }
        try await withCluster { cluster, folder in
            let queries = try folder.write("queries", "word1\nword2 word3\n\n")
            let arguments = [
                "bench", "cluster", "--broker", cluster.clients, "--queries", queries, "--rate",
                "200", "--seconds", "1.5", "--interval", "0.5", "--json",
            ]
            let good = try await run(Executable.path, arguments)
            #expect(good.status == 0, "\(good.errors)")
            let intervals = try JSONDecoder().decode(
                [Interval].self, from: Data(good.output.utf8))
            #expect(intervals.map(\.from_s) == [0, 0.5, 1])
            #expect(intervals.reduce(0) { $0 + $1.failed } == 0)
            // The number is random, of mean 300 and standard deviation 17.
            #expect((150...500).contains(intervals.reduce(0) { $0 + $1.queries }))
            #expect(
                intervals.allSatisfy {
                    0 < $0.p50_us && $0.p50_us <= $0.p99_us && $0.p99_us <= $0.max_us
                })
            let status = try await cluster.status()
            let done = (status.workers ?? []).reduce(0) { $0 + ($1.tasks_done ?? 0) }
            #expect(done >= intervals.reduce(0) { $0 + $1.queries })
            _ = try folder.write("queries", "(word1\n")
            let bad = try await run(Executable.path, arguments.dropLast() + [])
            #expect(bad.status == 1)
            #expect(bad.output.contains("BAD_REQUEST"), "\(bad.output)")
        }
    }

    @Test func `events are shown as they happen`() async throws {
        try await withCluster { cluster, _ in
            let watching = try Running(Executable.path, ["events", cluster.events])
            var seen = ""
            // The subscription takes a moment to arrive; a change is told of once it has.
            let deadline = ContinuousClock.now + .seconds(20)
            while !seen.contains("CONFIGURED"), ContinuousClock.now < deadline {
                #expect(
                    try await swiftlet(
                        "configure", "--slow-query", "0.001", "--broker", cluster.clients
                    ).status == 0)
                seen = try watching.outputSoFar
            }
            #expect(seen.contains("b1 ") && seen.contains("CONFIGURED: configured"), "\(seen)")
            watching.send(SIGTERM)
            let end = try await watching.end()
            #expect(end.status == 0, "\(end.errors)")
        }
    }

    @Test func `with a broker its status comes first, and nothing after it is missed`() async throws
    {
        try await withCluster { cluster, _ in
            let watching = try Running(
                Executable.path, ["events", cluster.events, "--broker", cluster.clients])
            let deadline = ContinuousClock.now + .seconds(20)
            func wait(for text: String) async throws {
                var seen = ""
                while !seen.contains(text) {
                    try #require(ContinuousClock.now < deadline, "no '\(text)' in \(seen)")
                    _ = try await cluster.status()
                    seen = try watching.outputSoFar
                }
            }
            try await wait(for: "broker b1: up")
            // The subscription is in place, so that one change is enough.
            #expect(
                try await swiftlet(
                    "configure", "--slow-query", "7", "--broker", cluster.clients
                ).status == 0)
            try await wait(for: "CONFIGURED")
            watching.send(SIGTERM)
            let end = try await watching.end()
            #expect(end.status == 0, "\(end.errors)")
            #expect(!end.errors.contains("missed"), "\(end.errors)")
            let lines = end.output.split(separator: "\n")
            #expect(lines.first?.hasPrefix("broker b1: up") == true)
            #expect(lines.count { $0.contains("CONFIGURED") } == 1)
        }
    }

    @Test func `nodes are added, drained, started and removed while the cluster runs`() async throws
    {
        try await withCluster { cluster, _ in
            func node(_ arguments: String...) async throws -> Running.End {
                try await run(
                    Executable.path, ["node"] + arguments + ["--broker", cluster.clients])
            }
            let added = try await node(
                "add", "w3=local://birds", "w4=local://birds", "--weight", "2", "--zone", "west",
                "--pool", "spare")
            #expect(added.status == 0, "\(added.errors)")
            try await cluster.waitForReplicas(4)
            let workers = try await cluster.status().workers ?? []
            let new = workers.filter { ["w3", "w4"].contains($0.name) }
            #expect(new.map(\.weight) == [2, 2])
            #expect(new.map(\.zone) == ["west", "west"])
            #expect(new.map(\.pool) == ["spare", "spare"])
            // In the order in which they joined.
            #expect(workers.map(\.name).sorted() == ["w1", "w2", "w3", "w4"])
            let twice = try await node("add", "w3=local://birds")
            #expect(twice.status != 0 && twice.errors.contains("joined already"), "\(twice.errors)")
            let missing = try await node("add", "w5=local://fish")
            #expect(missing.errors.contains("there is no index 'fish'"), "\(missing.errors)")

            #expect(try await node("drain", "w1").status == 0)
            // The end of the process and the worker's GOODBYE are told on different connections.
            try await cluster.status("w1 to end") {
                $0.child("w1")?.pid == nil && $0.worker("w1")?.state == "STOPPING"
            }
            #expect(try await node("start", "w1").status == 0)
            try await cluster.waitForReplicas(4)

            #expect(try await node("remove", "w4").status == 0)
            let left = try await cluster.status("w4 to be forgotten") {
                $0.child("w4") == nil && $0.worker("w4") == nil
            }
            #expect(left.children.count == 4)
            #expect(try await tasks(of: 2, cluster).count == 2)
            #expect(try await python(cluster, "remove", #"{"name": "w3"}"#).status == 0)
            try await cluster.status("w3 to be forgotten") { $0.worker("w3") == nil }
            let unknown = try await python(cluster, "drain", #"{"name": "w9"}"#)
            #expect(
                unknown.status == 1 && unknown.errors.contains("NOT_FOUND"), "\(unknown.errors)")
        }
    }

    @Test func `the verbs work from Python in JSON`() async throws {
        try await withCluster { cluster, _ in
            let configured = try await python(
                cluster, "configure",
                #"{"timeout_ms": 2000, "load_balancing": "ROUND_ROBIN", "merge_strategy": "NODE_ORDER"}"#
            )
            #expect(configured.status == 0, "\(configured.errors)")
            #expect(
                configured.output == """
                    {"settings": {"timeout_ms": 2000, "max_retries": 16, \
                    "load_balancing": "ROUND_ROBIN", "hedging": false, \
                    "merge_strategy": "NODE_ORDER", "health_check_ms": 30000, "slow_query_ms": 0}}

                    """)
            let off = try await python(cluster, "node", #"{"name": "w2", "active": false}"#)
            #expect(off.status == 0, "\(off.errors)")
            #expect(try await tasks(of: 4, cluster) == [4, 0])
            let status = try await python(cluster, "status")
            #expect(status.output.contains(#""inactive": true"#), "\(status.output)")
            let refused = try await python(cluster, "configure", #"{"timeout_ms": 300001}"#)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("expected 1 to 300000"), "\(refused.errors)")
        }
    }
}
