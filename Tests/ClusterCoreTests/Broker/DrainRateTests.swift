import Testing

@testable import ClusterCore

/// The rate at which a queue is worked off, and the rounds of clients.
struct DrainRateTests {
    private var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    private var rate = DrainRate()

    /// Answers with others waiting, the last one without.
    private mutating func run(of count: Int, every step: Duration) {
        rate.answered(isWaiting: true, at: now)
        for number in 1...count {
            now = now + step
            rate.answered(isWaiting: number < count, at: now)
        }
    }

    private func milliseconds(for tasks: Int) -> Double {
        rate.time(for: tasks, at: now) / .milliseconds(1)
    }

    @Test mutating func `nothing is known before tasks have waited`() {
        #expect(milliseconds(for: 100) == 0)
        rate.answered(isWaiting: false, at: now)
        #expect(milliseconds(for: 100) == 0)
        run(of: 4, every: .milliseconds(10))
        #expect(abs(milliseconds(for: 3) - 30) < 0.001)
    }

    @Test mutating func `short runs count too, so that a slow phase does not stay for ever`() {
        run(of: 64, every: .milliseconds(200))
        #expect(milliseconds(for: 1) > 190)
        for _ in 0..<100 {
            run(of: 8, every: .milliseconds(2))
            now = now + .milliseconds(100)
        }
        #expect(milliseconds(for: 1) < 10)
    }

    @Test mutating func `what was learned is forgotten after a while`() {
        run(of: 64, every: .milliseconds(200))
        now = now + .seconds(6)
        #expect(milliseconds(for: 100) == 0)
    }

    @Test func `clients with one item each do not keep others waiting for ever`() {
        var rounds = FairRounds()
        let batch = rounds.next(after: rounds.next(after: 0))
        var passed = 0
        while rounds.next(after: 0) < batch, passed < 1_000 {
            rounds.serve(rounds.next(after: 0), clients: 20)
            passed += 1
        }
        #expect(passed <= 60)
    }

    @Test func `time after the waiting tasks were given up does not count`() {
        var rate = DrainRate()
        let start = MonotonicInstant(nanoseconds: 1_000_000_000)
        rate.answered(isWaiting: true, at: start)
        rate.emptied(at: start)
        rate.answered(isWaiting: true, at: start + .milliseconds(2_500))
        rate.answered(isWaiting: false, at: start + .milliseconds(2_510))
        #expect(rate.time(for: 10, at: start + .milliseconds(2_510)) == .milliseconds(100))
    }
}
