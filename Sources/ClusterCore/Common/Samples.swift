/// The measured times of many equal operations, in microseconds.
package struct Samples: Sendable {
    /// Ascending; never empty.
    package let sorted: [Double]

    /// Samples of times in microseconds.
    ///
    /// - Parameter microseconds: in any order; at least one, none of them NaN.
    package init(microseconds: [Double]) {
        precondition(!microseconds.isEmpty, "samples of no operation")
        sorted = microseconds.sorted()
    }

    /// Samples of durations, at least one.
    package init(_ durations: [Duration]) {
        self.init(microseconds: durations.map { $0 / .microseconds(1) })
    }

    /// The sum over the count.
    package var mean: Double { sorted.reduce(0, +) / Double(sorted.count) }

    /// The smallest sample that at least `percent` % of the samples do not exceed.
    package func percentile(_ percent: Double) -> Double {
        Percentiles.value(at: percent, ofSorted: sorted)
    }
}
