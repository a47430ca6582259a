import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// When a supervisor takes a worker for stuck.
struct HealthWatchTests {
    private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    private func watch() -> HealthWatch {
        var watch = HealthWatch()
        watch.started("w1", as: ProcessID(7), at: start)
        return watch
    }

    private func report(
        _ name: String = "w1", pid: UInt32 = 7, state: WireNodeState = .ready,
        overdue: UInt32 = 0, oldest: UInt32 = 0
    ) -> [Frame] {
        var health = WireHealth()
        health.name = name
        health.pid = pid
        health.state = state
        health.overdueMs = overdue
        health.oldestMs = oldest
        let header = Header(.health)
        return [Array("h.default.\(name)".utf8)]
            + WireMessage(header, frames: [header.codec.encodeOwn(health)]).encoded()
    }

    @Test func `a search that takes its time within its budget is no sign of a stuck thread`() {
        var watch = watch()
        for second in 1...299 {
            let now = start + .seconds(second)
            let age = UInt32(second) * 1_000
            #expect(watch.receive(report(oldest: age), at: now) != nil)
            #expect(watch.complaint(about: "w1", at: now) == nil)
        }
    }

    @Test func `a task 20 s past its deadline is, until it has ended`() {
        var watch = watch()
        _ = watch.receive(report(overdue: 19_999), at: start)
        #expect(watch.complaint(about: "w1", at: start) == nil)
        _ = watch.receive(report(overdue: 20_000), at: start)
        #expect(
            watch.complaint(about: "w1", at: start)
                == "a task runs since 20000 ms past its deadline")
        _ = watch.receive(report(), at: start)
        #expect(watch.complaint(about: "w1", at: start) == nil)
    }

    @Test func `silence of 10 s is a complaint, from the start or the last report on`() {
        var watch = watch()
        #expect(watch.complaint(about: "w1", at: start + .milliseconds(9_999)) == nil)
        #expect(
            watch.complaint(about: "w1", at: start + .seconds(10))
                == "no health report for 10000 ms")
        _ = watch.receive(report(), at: start + .seconds(10))
        #expect(watch.complaint(about: "w1", at: start + .milliseconds(19_999)) == nil)
        #expect(watch.complaint(about: "w1", at: start + .seconds(20)) != nil)
    }

    @Test func `what an earlier process of the name said does not count`() {
        var watch = watch()
        _ = watch.receive(report(overdue: 20_000), at: start)
        watch.ended("w1")
        #expect(watch.complaint(about: "w1", at: start + .seconds(60)) == nil)
        watch.started("w1", as: ProcessID(8), at: start + .seconds(60))
        #expect(watch.receive(report(overdue: 20_000), at: start + .seconds(61)) == nil)
        #expect(watch.complaint(about: "w1", at: start + .seconds(61)) == nil)
        #expect(watch.receive(report(pid: 8), at: start + .seconds(61)) != nil)
    }

    @Test func `only a ready worker serves, and others and noise are ignored`() {
        var watch = watch()
        #expect(watch.receive(report(state: .starting), at: start) == nil)
        #expect(watch.receive(report("w2"), at: start) == nil)
        #expect(watch.receive([], at: start) == nil)
        #expect(watch.receive([[1], [2], [3]], at: start) == nil)
        #expect(watch.complaint(about: "w2", at: start + .seconds(60)) == nil)
    }
}
