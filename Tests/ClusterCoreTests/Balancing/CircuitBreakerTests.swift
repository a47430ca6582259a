import Testing
import WireProtocol

@testable import ClusterCore

/// When a node gets no tasks because its own have failed, and when it gets them again.
struct CircuitBreakerTests {
    private static let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    private static func opened(at now: MonotonicInstant = start) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<5 { _ = breaker.answered(failed: true, sentAt: now, at: now) }
        return breaker
    }

    @Test func `it opens with the fifth failure in a row and tells so once`() {
        var breaker = CircuitBreaker()
        let changes = (0..<7).map { _ in
            breaker.answered(failed: true, sentAt: Self.start, at: Self.start)
        }
        #expect(changes == [nil, nil, nil, nil, .breakerOpen, nil, nil])
        #expect(!breaker.allowsTask(at: Self.start))
        #expect(breaker.wire(at: Self.start) == .breakerOpen)
    }

    @Test func `it opens when half of the last answers are failures, not of a few`() {
        var breaker = CircuitBreaker()
        var opened: Int?
        for count in 1...20 where opened == nil {
            if breaker.answered(failed: count % 2 == 0, sentAt: Self.start, at: Self.start) != nil {
                opened = count
            }
        }
        #expect(opened == 8)
    }

    @Test func `a failure now and then does not open it`() {
        var breaker = CircuitBreaker()
        for count in 0..<1_000 {
            #expect(
                breaker.answered(failed: count % 3 == 0, sentAt: Self.start, at: Self.start) == nil)
        }
        #expect(breaker.allowsTask(at: Self.start))
    }

    @Test func `after its time one task at a time is tried, and two successes close it`() {
        var breaker = Self.opened()
        #expect(!breaker.allowsTask(at: Self.start + .milliseconds(999)))
        let later = Self.start + .seconds(1)
        #expect(breaker.allowsTask(at: later))
        #expect(breaker.wire(at: later) == .breakerHalfOpen)
        breaker.taskSent()
        #expect(!breaker.allowsTask(at: later))
        breaker.taskEnded()
        #expect(breaker.answered(failed: false, sentAt: later, at: later) == nil)
        #expect(breaker.allowsTask(at: later))
        #expect(breaker.answered(failed: false, sentAt: later, at: later) == .breakerClosed)
        #expect(breaker.wire(at: later) == .breakerClosed)
    }

    @Test func `a trial that fails opens it for twice as long, up to half a minute`() {
        var breaker = Self.opened()
        var now = Self.start
        var waits: [Duration] = []
        for _ in 0..<7 {
            let opened = now
            while !breaker.allowsTask(at: now) { now = now + .milliseconds(500) }
            waits.append(opened.duration(to: now))
            #expect(breaker.answered(failed: true, sentAt: now, at: now) == .breakerOpen)
        }
        #expect(waits == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
    }

    @Test func `answers to tasks of before it opened do not close it`() {
        var breaker = Self.opened()
        for _ in 0..<5 {
            #expect(breaker.answered(failed: false, sentAt: Self.start, at: Self.start) == nil)
        }
        #expect(!breaker.allowsTask(at: Self.start))
    }

    @Test func `a trial that was cancelled makes room for the next`() {
        var breaker = Self.opened()
        let later = Self.start + .seconds(1)
        breaker.taskSent()
        breaker.taskEnded()
        #expect(breaker.allowsTask(at: later))
    }
}
