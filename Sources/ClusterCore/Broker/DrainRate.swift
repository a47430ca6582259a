/// How fast a queue of tasks is worked off, learned while there is one.
///
/// Only time in which tasks wait counts, so it is the rate of all workers at full load, whatever else
/// they do meanwhile. O(1).
struct DrainRate: Sendable {
    /// Seconds from one answer to the next, exponentially weighted; nil before the first measurement.
    private var interval: Double?
    /// The measurement under way: since when, and answers since.
    private var start: MonotonicInstant?
    private var answers = 0

    /// Answers of one measurement, at least.
    private static let least = 32
    /// Of a new measurement in the mean.
    private static let weight = 0.3

    /// A task is answered; `isWaiting` says whether others wait.
    mutating func answered(isWaiting: Bool, at now: MonotonicInstant) {
        guard isWaiting, let begin = start else {
            start = isWaiting ? now : nil
            answers = 0
            return
        }
        answers += 1
        guard answers >= Self.least else { return }
        let found = begin.duration(to: now) / .seconds(1) / Double(answers)
        interval = interval.map { $0 + (found - $0) * Self.weight } ?? found
        start = now
        answers = 0
    }

    /// How long tasks take; zero as long as nothing is known.
    func time(for tasks: Int) -> Duration { .seconds((interval ?? 0) * Double(tasks)) }
}
