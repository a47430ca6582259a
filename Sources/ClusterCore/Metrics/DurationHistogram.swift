package import Histogram

/// Durations counted in an HDR histogram: each to within a hundredth, from a microsecond to ten minutes.
///
/// 24 KiB, shared with the empty one until the first duration. Shorter ones count as a microsecond or
/// none, longer ones as ten minutes.
package struct DurationHistogram: Sendable {
    /// The counts, in microseconds.
    package private(set) var counts = Self.empty
    /// Of all durations entered, exact.
    package private(set) var sumMicroseconds: UInt64 = 0

    /// Longer than any budget.
    private static let longest: UInt64 = 600_000_000
    private static let empty = Histogram<UInt64>(
        lowestDiscernibleValue: 1, highestTrackableValue: longest,
        numberOfSignificantValueDigits: .two)

    /// One without any duration.
    package init() {}

    /// How many durations were entered.
    package var count: UInt64 { counts.totalCount }

    /// Enters one. O(1), some nanoseconds; allocates only for the first.
    package mutating func record(microseconds: UInt64) {
        counts.record(min(microseconds, Self.longest))
        sumMicroseconds &+= microseconds
    }

    /// Enters all that another has. O(bins), about a microsecond.
    package mutating func add(_ other: DurationHistogram) {
        counts.add(other.counts)
        sumMicroseconds &+= other.sumMicroseconds
    }

    /// Takes all that was entered, and begins anew.
    package mutating func take() -> DurationHistogram {
        defer { self = DurationHistogram() }
        return self
    }

    /// The mean in microseconds; zero without any.
    package var mean: UInt64 { count == 0 ? 0 : sumMicroseconds / count }

    /// The duration in microseconds that so many percent do not exceed, to a hundredth; zero without
    /// any. O(bins), some ten microseconds.
    package func percentile(_ percent: Double) -> UInt64 {
        counts.valueAtPercentile(percent)
    }
}
