import ClusterCore
import ClusterRuntime
import Foundation
import SearchIndex

/// Queries a second in process, one search thread for each core: parse, search, merge; the top 10
/// with ids, scores and exact totals, without documents.
struct ParallelBenchmark: Benchmark {
    let index: EngineIndex
    let queries: QuerySet
    let threads: Int

    static let name = "in-process search, 1 shard, one thread for each core"
    var title: String { "\(Self.name), queries/s, on \(queries.description)" }

    mutating func measure() async throws -> [Observation] {
        let began = ContinuousClock.now
        let answers = try await withThrowingTaskGroup(of: [(Int, SearchAnswer)].self) { group in
            for thread in 0..<threads {
                group.addTask { [index, texts = queries.texts, threads] in
                    try await SystemThread.result(name: "search \(thread)") {
                        try stride(from: thread, to: texts.count, by: threads).map {
                            ($0, try index.search(texts[$0], limit: hitsOfAnItem))
                        }
                    }
                }
            }
            return try await group.reduce(into: [(Int, SearchAnswer)]()) { $0 += $1 }
        }
        let seconds = (ContinuousClock.now - began).seconds
        try answers.sorted { $0.0 < $1.0 }.map { Answer($0.1) }.check(against: queries, Self.name)
        return [
            .number(
                Self.name, on: queries.description, Double(queries.texts.count) / seconds,
                "queries/s")
        ]
    }
}

extension QuerySet {
    /// The least mean time of a heavy query in process.
    static let heavyMean = Duration.milliseconds(1)

    /// Queries that cost at least `heavyMean` in the mean: any of the words of 1, 2, 4 and so on of the
    /// texts, with `least` for how much that is; at most 64 texts in one.
    static func heavy(
        from texts: [String], in index: EngineIndex, count: Int, least: Duration = heavyMean
    ) throws -> QuerySet {
        let words = texts.map { text in
            text.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
                .filter { $0 != "AND" }.joined(separator: " ")
        }
        var joined = 1
        while true {
            let queries = (0..<count).map { place in
                (0..<joined).map { words[(place * joined + $0) % words.count] }
                    .joined(separator: " ")
            }
            let began = ContinuousClock.now
            for query in queries { _ = try index.search(query, limit: hitsOfAnItem) }
            let mean = (ContinuousClock.now - began) / count
            if mean >= least || joined == 64 {
                return try QuerySet(
                    queries, in: index,
                    kind:
                        "heavy queries (the words of \(joined) each, \((mean / .milliseconds(1)).rounded3) ms)"
                )
            }
            joined *= 2
        }
    }
}
