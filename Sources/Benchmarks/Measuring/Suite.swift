/// Several benchmarks measured side by side: every round runs each of them once, so that what
/// else the machine does meets all of them alike.
struct Suite {
    private var benchmarks: [any Benchmark]
    private let repeats: Int
    private let log: (String) -> Void
    /// Rows computed from the observations of one round.
    private let derive: ([Observation]) -> [Observation]

    /// - Parameters:
    ///   - repeats: counted rounds; one more before them warms up and is dropped.
    ///   - derive: further observations of a round, from those that were measured in it.
    ///   - log: takes a line for a person about the progress.
    init(
        _ benchmarks: [any Benchmark], repeats: Int,
        derive: @escaping ([Observation]) -> [Observation] = { _ in [] },
        log: @escaping (String) -> Void
    ) {
        precondition(repeats > 0, "at least one repeat")
        self.benchmarks = benchmarks
        self.repeats = repeats
        self.derive = derive
        self.log = log
    }

    /// Measures; the order of the benchmarks turns by one place with each round.
    ///
    /// - Throws: The first error of a benchmark.
    mutating func run() async throws -> Report {
        var report = Report(repeats: repeats)
        for round in 0...repeats {
            var observed = [[Observation]](repeating: [], count: benchmarks.count)
            for step in benchmarks.indices {
                let place = (step + round) % benchmarks.count
                log("\(round == 0 ? "warm-up" : "round \(round)"): \(benchmarks[place].title)")
                observed[place] = try await benchmarks[place].measure()
            }
            guard round > 0 else { continue }
            let all = observed.flatMap { $0 }
            report.add(all + derive(all))
        }
        return report
    }
}
