import ClusterCore

/// What one repeat of a benchmark measured of one thing.
struct Observation: Sendable {
    enum Value: Sendable {
        /// Times of equal operations; reported in microseconds.
        case times(Samples)
        /// A rate, a ratio or a difference; one number for the repeat.
        case number(Double, unit: String)
    }

    /// What is measured; the same in every repeat.
    let name: String
    /// On which data.
    let data: String
    let value: Value

    static func times(_ name: String, on data: String, _ samples: Samples) -> Observation {
        Observation(name: name, data: data, value: .times(samples))
    }

    static func number(
        _ name: String, on data: String, _ number: Double, _ unit: String
    ) -> Observation {
        Observation(name: name, data: data, value: .number(number, unit: unit))
    }
}

/// A thing that is measured repeatedly.
protocol Benchmark {
    /// What it measures, on which data, in which unit: one line for the log.
    var title: String { get }

    /// One repeat. Checks the answers outside of the measured time.
    ///
    /// - Throws: `BenchmarkError` if an answer is wrong, or what the measured part throws.
    mutating func measure() async throws -> [Observation]
}

/// Why a benchmark has no result.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
