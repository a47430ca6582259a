/// When a loop looks for input again and again for a while before it sleeps.
///
/// To be woken takes many times as long as to find what has come: where nothing else runs, the processor
/// sleeps with the thread, and that of a virtual machine may have been given to another. So it pays to stay
/// awake where the next message is near; the kernel's sockets (`SO_BUSY_POLL`) and reactors do likewise.
/// Four rules bound what that takes from others:
///
/// - Only after a turn with work, for the limit at the most, turns without work in between included.
/// - Only while it pays: the wait for such input before, from one turn with work to the next, must have ended
///   within the limit.
/// - Each look is followed by a yield, so that threads that wait for this processor run first.
/// - Not where processors are scarce: once others had the processor for longer than 250 µs, there is none for
///   50 ms, and twice as long each time that this comes again, up to 200 ms.
///
/// Decides only; clock, looking and yielding are the caller's.
struct BusyPolling {
    typealias Instant = ContinuousClock.Instant

    /// A yield of a longer time shows that the processor is wanted: what carries a message from one thread to
    /// the next is done in less, and a thread that computes has it for milliseconds.
    static let scarcity = Duration.microseconds(250)
    static let shortestPause = Duration.milliseconds(50)
    static let longestPause = Duration.milliseconds(200)

    /// What is waited for.
    private struct Wait {
        let poll: BusyPoll
        let start: Instant
        /// Whether the last wait for such input was short enough for this one to be.
        let isPromising: Bool
        /// When there was input last, which may have been other input.
        var inputCame: Instant?
        /// Whether it looked again, after others could have had the processor, and none kept it.
        var wasAwake = false
    }

    private var wait: Wait?
    /// How long the last waits took.
    private var lastForAnswers: Duration?
    private var lastForRequests: Duration?
    private var pause = Self.shortestPause
    private var pauseEnds: Instant?

    /// Whether anything is waited for that a loop may stay awake for.
    var isWaiting: Bool { wait != nil }

    /// A turn with work has ended, and with it the wait before: the next one begins.
    mutating func begin(_ poll: BusyPoll, at now: Instant) {
        endWait()
        guard poll.limit > .zero else { return }
        let last = poll.input == .answers ? lastForAnswers : lastForRequests
        wait = Wait(
            poll: poll, start: now, isPromising: last.map { $0 <= poll.limit } ?? false)
    }

    /// There is input, or the time to look for it was over: the turn tells whether it is what was waited for.
    mutating func inputCame(at now: Instant) {
        wait?.inputCame = now
    }

    /// Whether to look again now instead of sleeping.
    func isAwake(at now: Instant) -> Bool {
        guard let wait, wait.isPromising, now < wait.start + wait.poll.limit else { return false }
        return pauseEnds.map { $0 <= now } ?? true
    }

    /// Others had the processor for so long before the loop could look again.
    mutating func yielded(for duration: Duration, at now: Instant) {
        wait?.wasAwake = duration <= Self.scarcity
        guard duration > Self.scarcity else { return }
        pauseEnds = now + pause
        pause = min(pause * 2, Self.longestPause)
    }

    private mutating func endWait() {
        guard let wait, let end = wait.inputCame else { return }
        let duration = wait.start.duration(to: end)
        switch wait.poll.input {
        case .answers: lastForAnswers = duration
        case .requests: lastForRequests = duration
        }
        if wait.wasAwake, duration <= wait.poll.limit { pause = Self.shortestPause }
        self.wait = nil
    }
}
