import Testing

@testable import ZeroMQ

/// A loop that is told instants.
private final class Sleeper {
    private(set) var polling = BusyPolling()
    var now = ContinuousClock.now

    static let answers = BusyPoll(atMost: .microseconds(200), for: .answers)
    static let requests = BusyPoll(atMost: .microseconds(200), for: .requests)

    /// A turn with work ends: what is waited for now.
    func begin(_ poll: BusyPoll = answers) {
        polling.begin(poll, at: now)
    }

    /// Time passes until there is input, of whatever kind.
    func input(after microseconds: Int) {
        now += .microseconds(microseconds)
        polling.inputCame(at: now)
    }

    func isAwake() -> Bool { polling.isAwake(at: now) }

    func yielded(_ microseconds: Int) {
        polling.yielded(for: .microseconds(microseconds), at: now)
    }
}

/// When a loop stays awake.
struct BusyPollingTests {
    private let test = Sleeper()

    @Test func `a loop stays awake only if the wait before ended within the limit`() {
        test.begin()
        #expect(!test.isAwake())
        test.input(after: 201)
        test.begin()
        #expect(!test.isAwake())
        test.input(after: 200)
        test.begin()
        #expect(test.isAwake())
        test.now += .nanoseconds(199_999)
        #expect(test.isAwake())
        test.now += .nanoseconds(1)
        #expect(!test.isAwake())
    }

    @Test func `nobody stays awake where that is turned off or there was no work`() {
        #expect(!test.isAwake() && !test.polling.isWaiting)
        for _ in 0..<3 {
            test.begin(BusyPoll(atMost: .zero, for: .answers))
            #expect(!test.isAwake() && !test.polling.isWaiting)
            test.input(after: 0)
        }
    }

    @Test func `waits for answers say nothing of waits for requests`() {
        for _ in 0..<2 {
            test.begin(Sleeper.answers)
            test.input(after: 50)
            test.begin(Sleeper.requests)
            #expect(!test.isAwake())
            test.input(after: 5_000)
        }
        test.begin(Sleeper.answers)
        #expect(test.isAwake())
    }

    @Test func `input that is no work neither ends a wait nor shortens it`() {
        test.begin()
        test.input(after: 10)
        test.begin()
        test.input(after: 120)
        // A turn without work: nothing begins.
        #expect(test.isAwake())
        test.input(after: 79)
        #expect(test.isAwake())
        test.input(after: 1)
        #expect(!test.isAwake())
        test.begin()
        #expect(test.isAwake(), "200 µs in all")
        test.input(after: 150)
        test.input(after: 51)
        test.begin()
        #expect(!test.isAwake(), "201 µs in all")
    }

    @Test func `once others need the processor it sleeps for 50 ms, and longer each time`() {
        test.begin()
        test.input(after: 50)
        for pause in [50, 100, 200, 200] {
            test.begin()
            #expect(test.isAwake())
            test.yielded(250)
            #expect(test.isAwake())
            test.yielded(251)
            let end = test.now + .milliseconds(pause)
            #expect(!test.isAwake())
            test.input(after: 50)
            test.now = end - .nanoseconds(1)
            test.begin()
            #expect(!test.isAwake(), "\(pause)")
            test.input(after: 0)
            test.now = end
        }
    }

    @Test(arguments: [true, false])
    func `input that was found awake in time ends the longer pauses`(isFound: Bool) {
        test.begin()
        test.input(after: 50)
        test.begin()
        for _ in 0..<5 { test.yielded(3_000) }
        test.input(after: 50)
        test.now += .seconds(20)
        if isFound {
            test.begin()
            #expect(test.isAwake())
            test.yielded(5)
            test.input(after: 50)
            test.begin()
            // A look that finds something at once shows nothing.
            test.input(after: 0)
        }
        test.begin()
        test.yielded(3_000)
        let start = test.now
        test.input(after: 50)
        test.now = start + .milliseconds(50)
        test.begin()
        #expect(test.isAwake() == isFound)
    }
}
