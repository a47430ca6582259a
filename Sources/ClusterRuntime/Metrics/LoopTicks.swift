import ClusterCore

/// How long a loop's turns take, from the first message to the last action, and when to report.
struct LoopTicks {
    /// The longest turn of each of the last seconds, in order of their numbers modulo the count.
    private var longestOfSecond: [Duration] = Array(repeating: .zero, count: Self.seconds)
    private var second = 0
    private var nextReport: MonotonicInstant
    private var began: MonotonicInstant?

    /// How far back `longest` looks.
    private static let seconds = 60

    init(now: MonotonicInstant) {
        nextReport = now
    }

    /// Something of a turn happens.
    mutating func begin(at now: MonotonicInstant) {
        if began == nil { began = now }
    }

    /// The turn is over.
    ///
    /// - Returns: Whether a report is due: once a second.
    mutating func end(at now: MonotonicInstant) -> Bool {
        guard let began else { return false }
        self.began = nil
        longestOfSecond[second] = max(longestOfSecond[second], began.duration(to: now))
        guard nextReport <= now else { return false }
        nextReport = now + MetricsTarget.interval
        second = (second + 1) % Self.seconds
        longestOfSecond[second] = .zero
        return true
    }

    /// The longest turn of the last minute.
    var longest: Duration { longestOfSecond.reduce(.zero) { max($0, $1) } }
}
