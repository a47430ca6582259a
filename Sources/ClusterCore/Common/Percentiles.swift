/// The two percentiles that health reports and summaries show.
package enum Percentiles {
    /// Median and 99th percentile, in the values' unit; zeros without any. O(n log n).
    package static func medianAnd99th(of values: [UInt64]) -> (p50: UInt64, p99: UInt64) {
        guard !values.isEmpty else { return (0, 0) }
        let sorted = values.sorted()
        return (sorted[sorted.count / 2], sorted[min(sorted.count - 1, sorted.count * 99 / 100)])
    }
}
