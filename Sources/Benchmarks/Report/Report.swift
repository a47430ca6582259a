import ClusterCore

/// All observations of a run, by measurement, in the order in which they first came.
struct Report: Sendable {
    /// One measurement and its repeats.
    struct Row: Sendable {
        let name: String
        let data: String
        var values: [Observation.Value]
    }

    let repeats: Int
    private(set) var rows: [Row] = []

    init(repeats: Int) {
        self.repeats = repeats
    }

    /// Adds the observations of one round.
    mutating func add(_ observations: [Observation]) {
        for observation in observations {
            let place = rows.firstIndex {
                $0.name == observation.name && $0.data == observation.data
            }
            if let place {
                rows[place].values.append(observation.value)
            } else {
                rows.append(
                    Row(
                        name: observation.name, data: observation.data, values: [observation.value])
                )
            }
        }
    }

    /// The columns of the table: mean, p50 and p99 are medians over the repeats; the spread is the
    /// smallest and the largest repeat, of the p50 where there are times.
    static let columns = ["measured", "data", "unit", "mean", "p50", "p99", "spread"]

    /// One line of cells for each measurement, under `columns`.
    var cells: [[String]] { rows.map(\.cells) }
}

extension Report.Row {
    fileprivate var cells: [String] {
        var samples: [Samples] = []
        var numbers: [Double] = []
        var unit = "µs"
        for value in values {
            switch value {
            case .times(let times): samples.append(times)
            case .number(let number, let its):
                numbers.append(number)
                unit = its
            }
        }
        guard !samples.isEmpty else {
            let spread = Spread(numbers)
            return [name, data, unit, spread.median.rounded3, "", "", spread.range]
        }
        let middle = Spread(samples.map { $0.percentile(50) })
        return [
            name, data, unit, Spread(samples.map(\.mean)).median.rounded3, middle.median.rounded3,
            Spread(samples.map { $0.percentile(99) }).median.rounded3, middle.range,
        ]
    }
}

extension Spread {
    fileprivate var range: String { "\(minimum.rounded3) to \(maximum.rounded3)" }
}

extension Double {
    /// With three significant digits, or all digits before the point, in groups of three.
    var rounded3: String {
        guard isFinite else { return "\(self)" }
        if magnitude >= 100 { return Int(rounded()).grouped }
        let scale = magnitude >= 10 ? 10.0 : magnitude >= 1 ? 100.0 : 1000.0
        return "\((self * scale).rounded() / scale)"
    }
}

extension Int {
    /// Decimal digits in groups of three, as in 12,345.
    var grouped: String {
        var text = ""
        for (place, digit) in String(magnitude).reversed().enumerated() {
            if place > 0, place.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (self < 0 ? "-" : "") + String(text.reversed())
    }
}
