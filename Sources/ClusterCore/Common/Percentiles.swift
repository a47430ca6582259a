/// Percentiles by nearest rank, of everything that is measured.
package enum Percentiles {
    /// The smallest value that at least `percent` % of the values do not exceed. O(1).
    ///
    /// - Parameters:
    ///   - percent: from 0 to 100.
    ///   - sorted: ascending; never empty.
    package static func value<Value>(at percent: Double, ofSorted sorted: [Value]) -> Value {
        precondition((0...100).contains(percent), "percentile \(percent): expected 0 to 100")
        // Multiplied first: whole percents then give whole ranks without an error to round up.
        let rank = Int((percent * Double(sorted.count) / 100).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }

    /// Median and 99th percentile, in the values' unit; zeros without any. O(n log n).
    package static func medianAnd99th(of values: [UInt64]) -> (p50: UInt64, p99: UInt64) {
        guard !values.isEmpty else { return (0, 0) }
        let sorted = values.sorted()
        return (value(at: 50, ofSorted: sorted), value(at: 99, ofSorted: sorted))
    }
}
