/// How fast a queue of tasks is worked off, learned while there is one.
///
/// Only time in which tasks wait counts, so it is the rate of all workers at full load, whatever else
/// they do meanwhile. A run of answers counts by its length, so that short ones do too; what was learned
/// is forgotten after a while without any. O(1).
struct DrainRate: Sendable {
    /// Seconds from one answer to the next, exponentially weighted; nil before the first measurement.
    private var interval: Double?
    private var measuredAt = MonotonicInstant(nanoseconds: 0)
    /// The run under way: since when, and answers since.
    private var start: MonotonicInstant?
    private var answers = 0

    /// Answers of one measurement, at most.
    private static let longestRun = 32
    /// Of a new measurement of that many answers in the mean.
    private static let weight = 0.3
    /// After this long without a measurement nothing is known.
    private static let memory = Duration.seconds(5)

    /// A wanted task is answered; `isWaiting` says whether others wait.
    mutating func answered(isWaiting: Bool, at now: MonotonicInstant) {
        if start != nil { answers += 1 }
        if answers >= Self.longestRun || !isWaiting { measure(at: now) }
        if isWaiting, start == nil { start = now }
    }

    /// Nothing waits any more, whether it was handed out or given up: the run ends here.
    mutating func emptied(at now: MonotonicInstant) {
        if start != nil { measure(at: now) }
    }

    private mutating func measure(at now: MonotonicInstant) {
        defer { (start, answers) = (nil, 0) }
        guard let start, answers > 0 else { return }
        let found = start.duration(to: now) / .seconds(1) / Double(answers)
        let share = Self.weight * Double(answers) / Double(Self.longestRun)
        let known = isKnown(at: now) ? interval : nil
        interval = known.map { $0 + (found - $0) * share } ?? found
        measuredAt = now
    }

    private func isKnown(at now: MonotonicInstant) -> Bool {
        measuredAt.duration(to: now) < Self.memory
    }

    /// How long tasks take; zero as long as nothing is known.
    func time(for tasks: Int, at now: MonotonicInstant) -> Duration {
        guard let interval, isKnown(at: now) else { return .zero }
        return .seconds(interval * Double(tasks))
    }
}
