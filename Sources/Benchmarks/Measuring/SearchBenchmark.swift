import ClusterCore
import SearchIndex

/// Times of queries in process, one after the other on one thread: parse, search, merge; the top 10
/// with ids, scores and exact totals, without documents.
struct SearchBenchmark: Benchmark {
    let index: EngineIndex
    let queries: QuerySet

    var name: String { Self.name(shards: index.shards) }
    var title: String { "\(name), µs a query, on \(queries.description)" }

    static func name(shards: Int) -> String {
        "in-process search, \(shards == 1 ? "1 shard" : "\(shards) shards")"
    }

    mutating func measure() async throws -> [Observation] {
        var times: [Duration] = []
        var answers: [SearchAnswer] = []
        times.reserveCapacity(queries.texts.count)
        answers.reserveCapacity(queries.texts.count)
        for text in queries.texts {
            let began = ContinuousClock.now
            let found = try index.search(text, limit: hitsOfAnItem)
            times.append(ContinuousClock.now - began)
            answers.append(found)
        }
        try answers.map(Answer.init).check(against: queries, name)
        let total = times.reduce(.zero, +).seconds
        return [
            .times(name, on: queries.description, Samples(times)),
            .number(
                "\(name), rate", on: queries.description, Double(queries.texts.count) / total,
                "queries/s"),
        ]
    }
}

/// The hits that every benchmark asks for.
let hitsOfAnItem = 10
