import ClusterCore
import TestSupport
import Testing

struct RestartPolicyTests {
    @Test func `waits double from half a second to thirty seconds`() {
        let policy = RestartPolicy()
        var history = RestartHistory()
        var waits: [Duration] = []
        for _ in 0..<9 {
            history.recordFailure(readyFor: .zero, policy: policy)
            waits.append(policy.wait(after: history, fraction: 0) * 2)
        }
        #expect(
            waits == [.milliseconds(500)] + [1, 2, 4, 8, 16, 30, 30, 30].map { .seconds($0) })
    }

    @Test func `jitter takes a wait from the upper half only`() {
        let policy = RestartPolicy()
        var random = SeededRandom.forTest("jitter takes a wait from the upper half only")
        for failures in 1...20 {
            var history = RestartHistory()
            for _ in 0..<failures { history.recordFailure(readyFor: .zero, policy: policy) }
            let shortest = policy.wait(after: history, fraction: 0)
            for _ in 0..<20 {
                let fraction = Double.random(in: 0..<1, using: &random)
                let wait = policy.wait(after: history, fraction: fraction)
                #expect(wait >= shortest && wait <= shortest * 2)
            }
        }
    }

    @Test func `waits never shrink before the maximum whatever the jitter`() {
        let policy = RestartPolicy()
        var random = SeededRandom.forTest(
            "waits never shrink before the maximum whatever the jitter")
        var history = RestartHistory()
        history.recordFailure(readyFor: .seconds(10), policy: policy)
        var before = Duration.zero
        // Quick, then 0.5, 1, 2, 4, 8 and 16 s; the one after is cut to the maximum.
        for _ in 0..<7 {
            let fraction = Double.random(in: 0..<1, using: &random)
            let wait = policy.wait(after: history, fraction: fraction)
            #expect(wait >= before)
            before = wait
            history.recordFailure(readyFor: .zero, policy: policy)
        }
    }

    @Test func `a stable time makes the next wait quick again`() {
        let policy = RestartPolicy()
        var history = RestartHistory()
        for _ in 0..<6 { history.recordFailure(readyFor: .seconds(9), policy: policy) }
        history.recordFailure(readyFor: .seconds(10), policy: policy)
        #expect(policy.wait(after: history, fraction: 0) == .milliseconds(50))
        history.recordFailure(readyFor: .zero, policy: policy)
        #expect(policy.wait(after: history, fraction: 0) == .milliseconds(250))
    }

    @Test func `the restart that would be one too many in its period gives up`() {
        var policy = RestartPolicy()
        policy.limit = 2
        var history = RestartHistory()
        let start = MonotonicInstant(nanoseconds: 0)
        history.recordRestart(at: start + .seconds(1), policy: policy)
        history.recordRestart(at: start + .seconds(2), policy: policy)
        history.recordFailure(readyFor: .zero, policy: policy)
        // The wait is 250 ms: the next start would be at 60.9 s, 59.9 s after the older restart.
        let early = start + .milliseconds(60_650)
        #expect(policy.decision(after: history, at: early, fraction: 0) == .giveUp)
        let late = start + .milliseconds(60_750)
        #expect(
            policy.decision(after: history, at: late, fraction: 0)
                == .restart(at: start + .seconds(61)))
    }

    @Test func `a history keeps no more restarts than the limit asks for`() {
        var policy = RestartPolicy()
        policy.limit = 3
        var history = RestartHistory()
        for second in 0..<10 {
            history.recordRestart(
                at: MonotonicInstant(nanoseconds: UInt64(second)), policy: policy)
        }
        #expect(history.restarts.map(\.nanoseconds) == [7, 8, 9])
    }
}
