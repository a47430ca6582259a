import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// When a worker checks itself, and what it says of its health.
struct HealthCheckTests {
    private let start = MonotonicInstant(nanoseconds: 5_000_000_000)

    private func verdict(
        _ findings: ProbeFindings, shards: Int = 1
    ) -> (grade: WireHealthGrade, reasons: [String]) {
        var check = HealthCheck()
        _ = check.begin(at: start)
        check.finished(findings)
        return check.verdict(shards: shards, at: start)
    }

    @Test func `a check is begun at once, then at every interval, one at a time`() {
        var check = HealthCheck()
        #expect(check.nextDeadline < start)
        #expect(check.verdict(shards: 1, at: start) == (.unknown, []))
        var begun = [check.begin(at: start), check.begin(at: start + .seconds(60))]
        check.finished(ProbeFindings())
        begun.append(check.begin(at: start + .seconds(29)))
        #expect(check.nextDeadline == start + .seconds(30))
        begun.append(check.begin(at: start + .seconds(30)))
        check.finished(ProbeFindings())
        check.interval = .milliseconds(100)
        begun.append(check.begin(at: start + .milliseconds(30_100)))
        #expect(begun == [true, false, false, true, true])
    }

    @Test func `nothing amiss is healthy, a shard that does not answer is unhealthy`() {
        #expect(verdict(ProbeFindings()) == (.healthy, []))
        var findings = ProbeFindings()
        findings.failures = ["shard i/0: gone"]
        #expect(verdict(findings) == (.unhealthy, ["shard i/0: gone"]))
    }

    @Test func `slow queries and little room on the disk are degraded, with the numbers`() {
        var findings = ProbeFindings()
        findings.duration = .milliseconds(2_500)
        #expect(verdict(findings, shards: 3).grade == .healthy)
        #expect(verdict(findings, shards: 2).grade == .degraded)
        #expect(verdict(findings, shards: 2).reasons.first?.contains("2500 ms") == true)
        findings.duration = .zero
        findings.disk = (100 << 20, 100 << 30)
        #expect(verdict(findings).grade == .degraded)
        #expect(verdict(findings).reasons.first?.contains("100 MiB of 102400 MiB") == true)
        findings.disk = (100 << 20, 1 << 30)
        #expect(verdict(findings).grade == .healthy)
    }

    @Test func `a check that does not end is unhealthy until it has ended`() {
        var check = HealthCheck()
        _ = check.begin(at: start)
        // Its owner need not look for it: it reports its health all the time.
        #expect(check.nextDeadline == .distantFuture)
        #expect(check.verdict(shards: 1, at: start + .seconds(9)).0 == .unknown)
        #expect(check.verdict(shards: 1, at: start + .seconds(11)).0 == .unhealthy)
        check.finished(ProbeFindings())
        #expect(check.verdict(shards: 1, at: start + .seconds(12)).0 == .healthy)
    }

    @Test func `a loop that was late is degraded until the next check`() {
        var check = HealthCheck()
        _ = check.begin(at: start)
        check.finished(ProbeFindings())
        check.turned(at: start, next: start + .milliseconds(100))
        check.turned(at: start + .milliseconds(500), next: start + .seconds(1))
        #expect(check.verdict(shards: 1, at: start).0 == .degraded)
        let lateness = (check.takeLateness(), check.takeLateness())
        #expect(lateness == (.milliseconds(400), .zero))
        _ = check.begin(at: start + .seconds(30))
        check.finished(ProbeFindings())
        #expect(check.verdict(shards: 1, at: start).0 == .healthy)
    }

    // MARK: In the worker

    private func reports(_ actions: [WorkerAction]) throws -> [WireHealth] {
        try actions.compactMap { action in
            guard case .publish(let frames) = action else { return nil }
            return try WireMessage.decode(Array(frames.dropFirst())).meta()
        }
    }

    private func probes(_ actions: [WorkerAction]) -> Int {
        actions.count { if case .probe = $0 { true } else { false } }
    }

    @Test func `a worker asks for a check at once and reports what it found`() throws {
        let bench = WorkerHarness()
        bench.join()
        #expect(probes(bench.take()) == 1)
        var findings = ProbeFindings()
        findings.failures = ["shard i/1: gone"]
        findings.disk = (7, 9)
        bench.node.probed(findings)
        bench.advance(.milliseconds(150))
        let report = try #require(try reports(bench.take()).last)
        #expect(report.grade == .unhealthy)
        #expect(report.reasons == ["shard i/1: gone"])
        #expect(report.diskFreeBytes == 7)
        #expect(report.checkAgeMs == 150)
    }

    @Test func `a report says how long ago the deadline of a task in hand was`() throws {
        let bench = WorkerHarness()
        bench.join()
        bench.call([1]) { $0.budgetMs = 500 }
        bench.advance(.milliseconds(400))
        #expect(try reports(bench.take()).last?.overdueMs == 0)
        bench.advance(.milliseconds(1_350))
        #expect(try reports(bench.take()).last?.overdueMs == 1_250)
    }

    @Test func `a broker says how often, at the welcome and with every PONG`() throws {
        let bench = WorkerHarness()
        bench.join()
        bench.node.probed(ProbeFindings())
        _ = bench.take()
        var pong = WirePong()
        pong.healthCheckMs = 1_000
        bench.deliver(Header(.pong, epoch: 77), pong)
        bench.advance(.milliseconds(1_100))
        #expect(probes(bench.take()) == 1)
    }
}
