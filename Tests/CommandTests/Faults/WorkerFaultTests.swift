import Foundation
import Glibc
import Testing

/// Worker processes that stop, say nothing, or say what is not so.
@Suite(.serialized, .timeLimit(.minutes(10))) struct WorkerFaultTests {
    private static let minimal = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../clients/python/examples/minimal.py").standardized.path

    @Test(arguments: ["SUSPECTED", "LOST"])
    func `a worker that is stopped in a batch, and goes on when it counts as such, costs no answer`(
        state: String
    ) async throws {
        let subject = try await FaultSubject("stopped worker", queries: 1_500)
        try await Cluster.run(in: subject.folder, serving: ["all", "all"], replicas: 2) { cluster in
            let stopped = try #require(try await cluster.status().worker("w2")?.pid)
            try #require(kill(stopped, SIGSTOP) == 0)
            let batch: Running
            do {
                batch = try subject.startBatch(cluster)
                try await cluster.status("w2 to be \(state)") { $0.worker("w2")?.state == state }
            } catch {
                _ = kill(stopped, SIGCONT)
                throw error
            }
            try #require(kill(stopped, SIGCONT) == 0)
            try await subject.expectAnswers(batch)
            let worker = try await cluster.status("w2 to be ready again") {
                $0.worker("w2")?.state == "READY"
            }.worker("w2")
            #expect(worker?.pid == stopped)
        }
    }

    @Test func `a worker that takes tasks and answers none holds up nobody`() async throws {
        let subject = try await FaultSubject("silent worker", queries: 1_000)
        try await Cluster.run(in: subject.folder, serving: ["all"], replicas: 1) { cluster in
            try await BentWorker.run("silent", cluster, subject.folder) { _ in
                try await subject.expectAnswers(try subject.startBatch(cluster))
                #expect(try subject.summary("completed") == 1_000)
                #expect(try subject.summary("hedged") ?? 0 > 0)
                let worker = try await cluster.status().worker("w9")
                #expect(worker?.state == "READY")
                #expect(worker?.tasks_done ?? 0 == 0)
                // It is full: more than its window only if that has shrunk since.
                let (tasks, window) = (worker?.in_flight ?? 0, try #require(worker?.window))
                #expect(window > 0 && tasks >= window, "\(tasks) tasks, window \(window)")
            }
        }
    }

    @Test func `a worker that works on its first tasks for ever is lost, and costs no answer`()
        async throws
    {
        let subject = try await FaultSubject("spinning worker", queries: 1_000)
        try await Cluster.run(in: subject.folder, serving: ["all"], replicas: 1) { cluster in
            try await BentWorker.run("spinning", cluster, subject.folder) { _ in
                try await subject.expectAnswers(try subject.startBatch(cluster))
                #expect(try subject.summary("completed") == 1_000)
                let worker = try await cluster.status("w9 to be lost") {
                    $0.worker("w9")?.state == "LOST"
                }.worker("w9")
                #expect(worker?.tasks_done ?? 0 == 0)
            }
        }
    }

    @Test func `a worker that reports a task long past its deadline is ended and started again`()
        async throws
    {
        let subject = try await FaultSubject("stuck worker", queries: 10)
        try await Cluster.run(in: subject.folder, serving: ["all"], replicas: 1) { cluster in
            let stuck = try #require(try await cluster.status().worker("w1")?.pid)
            let reporter = try Running(
                "/usr/bin/python3",
                [
                    "-c", PythonScripts.reportOverdue, cluster.supervisorHealth, "w1", "\(stuck)",
                    "20000",
                ])
            do {
                let worker = try await cluster.status("another w1") {
                    let worker = $0.worker("w1")
                    return worker?.state == "READY" && worker?.pid != stuck
                }.worker("w1")
                // What is said of the old process does not touch the new one.
                try await subject.expectAnswers(try subject.startBatch(cluster))
                #expect(try await cluster.status().worker("w1")?.pid == worker?.pid)
            } catch {
                reporter.send(SIGKILL)
                _ = try? await reporter.end()
                throw error
            }
            reporter.send(SIGKILL)
            #expect(try await reporter.end().status == 128 + SIGKILL)
        }
    }

    @Test func `settings that are stored are read: the time of a query that names none`()
        async throws
    {
        let subject = try await FaultSubject("configured time", queries: 10)
        try await Cluster.run(in: subject.folder, serving: ["all"], replicas: 1) { cluster in
            try await BentWorker.run("silent", cluster, subject.folder) { _ in
                for command in [
                    ["node", "deactivate", "w1"],
                    ["configure", "--query-timeout", "0.3", "--no-hedging"],
                ] {
                    let set = try await run(
                        Executable.path, command + ["--broker", cluster.clients])
                    try #require(set.status == 0, "\(set.errors)")
                }
                let asked = try await run(
                    "/usr/bin/python3", [Self.minimal, "--json", cluster.clients, "word1"])
                #expect(asked.status == 1)
                #expect(asked.output.contains(#""code": "DEADLINE""#), "\(asked.output)")
                #expect(
                    asked.output.contains(
                        "the item's budget of 300 ms ended with 3 of 3 shards unanswered"),
                    "\(asked.output)")
            }
        }
    }

    @Test func `answers under the epoch of another broker change nothing`() async throws {
        let subject = try await FaultSubject("stale epoch", queries: 1_000)
        try await Cluster.run(in: subject.folder, serving: ["all"], replicas: 1) { cluster in
            try await BentWorker.run("stale", cluster, subject.folder) { _ in
                try await subject.expectAnswers(try subject.startBatch(cluster))
                let status = try await cluster.status("w9 to be ready again") {
                    $0.worker("w9")?.state == "READY"
                }
                #expect(status.broker.stale_replies ?? 0 > 0)
            }
        }
    }

    @Test func `of two workers of one name the later one serves, and no answer is lost`()
        async throws
    {
        let subject = try await FaultSubject("two of one name", queries: 1_500)
        try await Cluster.run(in: subject.folder, serving: ["all", "all"], replicas: 2) { cluster in
            let first = try #require(try await cluster.status().worker("w1")?.pid)
            let second = try Running(
                Executable.path,
                [
                    "worker", "--name", "w1", "--data", subject.folder("data"), "--serve",
                    "birds=all", "--broker", cluster.workers, "--health", cluster.health,
                ])
            do {
                try await cluster.status("the second w1") {
                    $0.worker("w1")?.pid == second.process
                }
                try await subject.expectAnswers(try subject.startBatch(cluster))
                let worker = try await cluster.status().worker("w1")
                #expect(worker?.pid == second.process)
                #expect(worker?.times_lost == 1)
            } catch {
                second.send(SIGKILL)
                _ = try? await second.end()
                throw error
            }
            second.send(SIGTERM)
            #expect(try await second.end().status == 0)
            try await cluster.status("the first w1 to be back") { status in
                status.worker("w1")?.state == "READY" && status.worker("w1")?.pid == first
            }
        }
    }
}
