/// The measured times of many equal operations in one repeat, in microseconds.
struct Samples: Sendable {
    /// Ascending; never empty.
    let sorted: [Double]

    /// - Parameter microseconds: in any order; at least one, none of them NaN.
    init(microseconds: [Double]) {
        precondition(!microseconds.isEmpty, "a repeat measures at least one operation")
        sorted = microseconds.sorted()
    }

    init(_ durations: [Duration]) {
        self.init(microseconds: durations.map(\.microseconds))
    }

    var mean: Double { sorted.reduce(0, +) / Double(sorted.count) }

    /// The smallest sample that at least `percent` % of the samples do not exceed (nearest rank).
    func percentile(_ percent: Double) -> Double {
        precondition((0...100).contains(percent), "a percentile is from 0 to 100")
        let rank = Int((percent / 100 * Double(sorted.count)).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }
}

extension Duration {
    var microseconds: Double { seconds * 1e6 }

    var seconds: Double { self / .seconds(1) }
}
