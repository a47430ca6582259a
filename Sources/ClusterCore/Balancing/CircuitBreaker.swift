import WireMessages
import WireProtocol

/// Keeps tasks from a node most of whose answers are failures, and finds out when it has recovered.
///
/// Closed: it gets tasks. It opens after `streak` failures in a row, or when at least half of its
/// last 32 answers (of 8 or more) are failures. Open: it gets none, for 1 s, twice as long with each
/// time it opens again, up to 30 s. Half-open, when that time has passed: one task at a time; two
/// successes close it, one failure opens it. O(1) in memory and time.
///
/// After Nygard, "Release It!" (2007), section 5.2; the last answers in place of a count alone.
struct CircuitBreaker: Sendable {
    private static let streak = 5
    private static let leastAnswers = 8
    private static let trials = 2
    private static let shortest = Duration.seconds(1)
    private static let longest = Duration.seconds(30)

    /// Transitions: closed → open → (its time passes: half-open) → closed, or → open.
    private enum State: Sendable {
        case closed
        /// Half-open from that instant on.
        case open(until: MonotonicInstant, successes: Int)
    }

    private var state = State.closed
    /// A bit for each of the last 32 answers, the last one lowest: 1 is a failure.
    private var failures: UInt32 = 0
    private var answers = 0
    private var wait = Self.shortest
    private var tasksInFlight = 0

    /// Whether the node may get a task.
    func allowsTask(at now: MonotonicInstant) -> Bool {
        guard case .open(let until, _) = state else { return true }
        return until <= now && tasksInFlight == 0
    }

    /// Whether it has opened and not closed again.
    var isTripped: Bool { if case .open = state { true } else { false } }

    /// Without the tasks of a session that has ended.
    var atRest: CircuitBreaker {
        var breaker = self
        breaker.tasksInFlight = 0
        return breaker
    }

    /// For status.
    func wire(at now: MonotonicInstant) -> WireBreakerState {
        guard case .open(let until, _) = state else { return .breakerClosed }
        return until <= now ? .breakerHalfOpen : .breakerOpen
    }

    /// The node was given a task.
    mutating func taskSent() { tasksInFlight += 1 }

    /// The node has a task less, however it ended.
    mutating func taskEnded() { tasksInFlight -= 1 }

    /// Enters an answer that tells of the node's state.
    ///
    /// - Parameter sentAt: when the task was given to it.
    /// - Returns: the state it changed to; nil if it did not.
    mutating func answered(
        failed: Bool, sentAt: MonotonicInstant, at now: MonotonicInstant
    ) -> WireBreakerState? {
        failures = failures << 1 | (failed ? 1 : 0)
        answers = min(answers + 1, UInt32.bitWidth)
        switch state {
        case .closed:
            guard failed, isFailing else { return nil }
            return open(at: now)
        case .open(let until, let successes):
            // An answer to a task of before it opened says nothing about recovery.
            guard until <= sentAt else { return nil }
            if failed {
                wait = min(wait * 2, Self.longest)
                return open(at: now)
            }
            guard successes + 1 >= Self.trials else {
                state = .open(until: until, successes: successes + 1)
                return nil
            }
            return close()
        }
    }

    private var isFailing: Bool {
        let last = UInt32(1) << UInt32(Self.streak) - 1
        if failures & last == last { return true }
        return answers >= Self.leastAnswers && failures.nonzeroBitCount * 2 >= answers
    }

    private mutating func open(at now: MonotonicInstant) -> WireBreakerState {
        state = .open(until: now + wait, successes: 0)
        return .breakerOpen
    }

    private mutating func close() -> WireBreakerState {
        self = CircuitBreaker(tasksInFlight: tasksInFlight)
        return .breakerClosed
    }

    init() {}

    private init(tasksInFlight: Int) { self.tasksInFlight = tasksInFlight }
}
