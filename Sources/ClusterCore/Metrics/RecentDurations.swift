/// The last 1024 to 2047 durations, for percentiles that follow the present.
///
/// Two HDR histograms: one that is being filled, and the one before it.
struct RecentDurations: Sendable {
    private static let limit: UInt64 = 1_024
    private var present = DurationHistogram()
    private var before = DurationHistogram()

    /// Enters one. O(1); once in 1024 it allocates.
    mutating func record(microseconds: UInt64) {
        present.record(microseconds: microseconds)
        if present.count == Self.limit { before = present.take() }
    }

    /// Both together. O(bins), about a microsecond.
    var all: DurationHistogram {
        var all = before
        all.add(present)
        return all
    }
}
