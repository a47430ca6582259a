/// One number from each repeat of a measurement: its middle and its extremes.
struct Spread: Sendable, Equatable {
    let median: Double
    let minimum: Double
    let maximum: Double

    /// - Parameter values: one for each repeat, at least one. Of an even number, the median is the
    ///   mean of the two in the middle.
    init(_ values: [Double]) {
        precondition(!values.isEmpty, "at least one repeat")
        let sorted = values.sorted()
        let middle = sorted.count / 2
        median =
            sorted.count.isMultiple(of: 2)
            ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        minimum = sorted[0]
        maximum = sorted[sorted.count - 1]
    }
}
