import Testing

@testable import ZeroMQ

/// When a loop stays awake, as a machine that is told instants.
struct BusyPollingTests {
    private var polling = BusyPolling()
    private let start = ContinuousClock.now
    private let answers = BusyPoll(atMost: .microseconds(200), for: .answers)
    private let requests = BusyPoll(atMost: .microseconds(200), for: .requests)

    private mutating func waited(
        _ microseconds: Int, _ poll: BusyPoll, hasInput: Bool = true, wasAwake: Bool = false
    ) {
        polling.waited(
            .microseconds(microseconds), in: poll, hasInput: hasInput, wasAwake: wasAwake)
    }

    @Test func `a loop stays awake only if the wait before ended within the limit`() {
        var test = self
        #expect(test.polling.end(of: answers, from: start) == nil)
        test.waited(201, answers)
        #expect(test.polling.end(of: answers, from: start) == nil)
        test.waited(200, answers)
        #expect(test.polling.end(of: answers, from: start) == start + .microseconds(200))
        test.waited(150, answers, hasInput: false)
        #expect(test.polling.end(of: answers, from: start) == nil)
    }

    @Test func `waits for answers say nothing of waits for requests`() {
        var test = self
        test.waited(50, answers)
        #expect(test.polling.end(of: answers, from: start) != nil)
        #expect(test.polling.end(of: requests, from: start) == nil)
        test.waited(5_000, requests)
        #expect(test.polling.end(of: answers, from: start) != nil)
        test.waited(50, requests)
        test.waited(5_000, answers)
        #expect(test.polling.end(of: requests, from: start) != nil)
    }

    @Test func `once others need the processor it sleeps for 100 ms, and longer each time`() {
        var test = self
        test.waited(50, answers)
        test.polling.yielded(for: .microseconds(200), in: answers, at: start)
        #expect(test.polling.end(of: answers, from: start) != nil)
        var now = start
        for pause in [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000] {
            test.polling.yielded(for: .microseconds(201), in: answers, at: now)
            let end = now + .milliseconds(pause)
            #expect(test.polling.end(of: answers, from: end - .nanoseconds(1)) == nil)
            #expect(test.polling.end(of: answers, from: end) != nil, "\(pause)")
            now = end
        }
    }

    @Test func `input that was found awake in time ends the longer pauses`() {
        var test = self
        for _ in 0..<5 { test.polling.yielded(for: .milliseconds(3), in: answers, at: start) }
        // Found, but only because others had run for too long.
        test.waited(3_000, answers, wasAwake: true)
        test.polling.yielded(for: .milliseconds(3), in: answers, at: start)
        test.waited(50, answers)
        #expect(test.polling.end(of: answers, from: start + .milliseconds(3_199)) == nil)
        test.waited(50, answers, wasAwake: true)
        test.polling.yielded(for: .milliseconds(3), in: answers, at: start)
        #expect(test.polling.end(of: answers, from: start + .milliseconds(100)) != nil)
    }
}
