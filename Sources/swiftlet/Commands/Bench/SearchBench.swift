import ClusterCore
import ClusterRuntime
import SearchIndex

/// Searches many queries several times over and keeps the best time of each.
struct SearchBench: Sendable {
    let index: EmbeddedIndex
    /// The most hits of a search.
    let limit: Int
    /// How often all queries are searched.
    let repeats: Int
    /// How exactly matches are counted.
    let totals: TotalCounting
    /// Threads that search at once; each has its own part of the queries.
    let threads: Int

    /// Measures on threads of its own.
    ///
    /// - Returns: one for each query, in their order.
    /// - Throws: the first error of a search.
    func run(_ queries: [BenchQuery]) async throws -> [SearchTiming] {
        let parts = min(threads, max(queries.count, 1))
        return try await withThrowingTaskGroup { group in
            for part in 0..<parts {
                let places = Array(stride(from: part, to: queries.count, by: parts))
                group.addTask {
                    let timings = try await SystemThread.result(name: "bench \(part)") {
                        try measure(places.map { queries[$0] })
                    }
                    return Array(zip(places, timings))
                }
            }
            var all: [(place: Int, timing: SearchTiming)] = []
            for try await timings in group { all += timings }
            return all.sorted { $0.place < $1.place }.map(\.timing)
        }
    }

    /// All queries once, then all again: what one search leaves in the caches helps another little.
    private func measure(_ queries: [BenchQuery]) throws -> [SearchTiming] {
        var timings: [SearchTiming] = []
        timings.reserveCapacity(queries.count)
        for query in queries { timings.append(try time(query)) }
        for _ in 1..<max(repeats, 1) {
            for place in queries.indices {
                let again = try time(queries[place])
                if again.duration < timings[place].duration { timings[place] = again }
            }
        }
        return timings
    }

    private func time(_ query: BenchQuery) throws -> SearchTiming {
        let began = ContinuousClock.now
        let answer = try index.search(query.query, limit: limit, totals: totals)
        return SearchTiming(duration: began.duration(to: .now), answer: answer)
    }
}

/// The best time of a query, and its answer.
struct SearchTiming: Sendable {
    let duration: Duration
    let answer: SearchAnswer
}

/// One mode's times, as `--json` prints them.
struct BenchSummary: Encodable {
    let mode: String
    let meanUs, p50Us, p90Us, p99Us: Double
    let queries: Int

    enum CodingKeys: String, CodingKey {
        case mode, queries
        case meanUs = "mean_us"
        case p50Us = "p50_us"
        case p90Us = "p90_us"
        case p99Us = "p99_us"
    }

    /// - Parameter timings: at least one.
    init(_ mode: BenchMode, _ timings: [SearchTiming]) {
        let samples = Samples(timings.map(\.duration))
        self.mode = mode.rawValue
        meanUs = samples.mean
        p50Us = samples.percentile(50)
        p90Us = samples.percentile(90)
        p99Us = samples.percentile(99)
        queries = timings.count
    }
}
