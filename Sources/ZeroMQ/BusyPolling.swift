/// For how long a loop may look for input again and again before it sleeps, and for what input.
package struct BusyPoll: Sendable, Equatable {
    /// What a loop waits for: how long one of them takes says nothing of the other.
    package enum Input: Sendable, CaseIterable {
        /// What others make of the work that they were given.
        case answers
        /// New work.
        case requests
    }

    /// Zero to sleep at once.
    package let limit: Duration
    package let input: Input

    package init(atMost limit: Duration, for input: Input) {
        self.limit = limit
        self.input = input
    }

    /// Sleep at once.
    package static let none = BusyPoll(atMost: .zero, for: .requests)
}

/// When a loop looks for input again and again for a while before it sleeps.
///
/// To be woken takes many times as long as to find what has come: where nothing else runs, the processor
/// sleeps with the thread, and that of a virtual machine may have been given to another. So it pays to stay
/// awake where the next message is near; the kernel's sockets (`SO_BUSY_POLL`) and reactors do likewise.
/// Handlers say when a message is likely; three rules bound what that takes from others:
///
/// - Only while it pays: the wait for such input before must have ended within the limit.
/// - Each look is followed by a yield, so that threads that wait for this processor run first.
/// - Not where processors are scarce: once a yield took longer than the limit, there is none for 100 ms, and
///   twice as long each time that this comes again, up to 10 s.
///
/// Decides only; clock, looking and yielding are the caller's.
struct BusyPolling {
    typealias Instant = ContinuousClock.Instant

    static let shortestPause = Duration.milliseconds(100)
    static let longestPause = Duration.seconds(10)

    /// How long the last wait for such input took; nil after one that ended without.
    private var lastWaits: [BusyPoll.Input: Duration] = [:]
    private var pause = Self.shortestPause
    private var pauseEnds: Instant?

    /// Until when to look again and again in a wait that begins now; nil to sleep at once.
    func end(of poll: BusyPoll, from now: Instant) -> Instant? {
        guard let last = lastWaits[poll.input], last <= poll.limit else { return nil }
        if let pauseEnds, now < pauseEnds { return nil }
        return now + poll.limit
    }

    /// Others had the processor for so long before the loop could look again.
    mutating func yielded(for duration: Duration, in poll: BusyPoll, at now: Instant) {
        guard duration > poll.limit else { return }
        pauseEnds = now + pause
        pause = min(pause * 2, Self.longestPause)
    }

    /// A wait has ended.
    ///
    /// - Parameters:
    ///   - duration: how long it took, awake or asleep.
    ///   - hasInput: false if its time was over.
    ///   - wasAwake: whether the input was found by looking again.
    mutating func waited(
        _ duration: Duration, in poll: BusyPoll, hasInput: Bool, wasAwake: Bool
    ) {
        lastWaits[poll.input] = hasInput ? duration : nil
        if wasAwake, duration <= poll.limit { pause = Self.shortestPause }
    }
}
