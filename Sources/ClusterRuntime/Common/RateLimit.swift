import ClusterCore

/// Lets through one of a kind of lines in an interval, and counts the rest, so that a peer that sends
/// garbage cannot fill a log.
struct RateLimit {
    private let interval: Duration
    private var last: MonotonicInstant?
    private var suppressed = 0

    init(every interval: Duration = .seconds(1)) {
        self.interval = interval
    }

    /// How many were held back before this one; nil if this one is held back too.
    mutating func pass(at now: MonotonicInstant) -> Int? {
        if let last, last.duration(to: now) < interval {
            suppressed += 1
            return nil
        }
        defer { suppressed = 0 }
        last = now
        return suppressed
    }
}
