/// What the supervisor remembers of one child.
struct SupervisedChild: Sendable {
    let specification: ChildSpecification
    var state: ChildState = .stopped

    /// The live process; nil also while a requested start is unanswered.
    var process: ProcessID?

    /// A start was requested and neither `spawned` nor `spawnFailed` has answered it.
    var spawnPending = false

    /// When a live process is killed: its start timeout, or the end of its grace time. Nil when
    /// it may run on, and after the signal was sent.
    var killAt: MonotonicInstant?

    /// When the live process became ready.
    var readySince: MonotonicInstant?

    /// Why the supervisor ended the process itself, in words; part of ``lastExit``.
    var endedBecause: String?

    /// An operator has stopped it: it is not started again.
    var isHeld = false

    /// An operator wants it gone: it is forgotten when it has ended.
    var isRemoved = false

    var history = RestartHistory()
    var restarts = 0
    var lastExit: LastExit?

    /// Whether a process exists, or may come into being from a request under way.
    var isLive: Bool { process != nil || spawnPending }

    /// The next instant at which time alone changes this child.
    var deadline: MonotonicInstant? {
        if case .backingOff(let until) = state { return until }
        return process == nil ? nil : killAt
    }

    var report: ChildReport {
        ChildReport(
            name: specification.name, kind: specification.kind, state: state, process: process,
            restarts: restarts, lastExit: lastExit)
    }

    /// Forgets the process that ended or failed to start, and keeps how that happened.
    mutating func recordEnd(_ reason: String, isOrderly: Bool) {
        let words = endedBecause.map { "\($0), then \(reason)" } ?? reason
        lastExit = LastExit(process: process, reason: words, isOrderly: isOrderly)
        process = nil
        spawnPending = false
        killAt = nil
        readySince = nil
        endedBecause = nil
    }
}
