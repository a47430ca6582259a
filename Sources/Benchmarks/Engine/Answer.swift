import ClusterCore
import WireMessages

/// What a query's answer must have in common, wherever it was searched.
struct Answer: Hashable, Sendable {
    struct Hit: Hashable, Sendable {
        let id: String
        /// Compared bit for bit.
        let score: UInt32
    }

    let totalHits: UInt64
    let hits: [Hit]

    init(totalHits: UInt64, hits: [Hit]) {
        self.totalHits = totalHits
        self.hits = hits
    }

    init(_ answer: ItemAnswer) {
        totalHits = answer.meta.totalHits
        hits = answer.hits.map { Hit(id: $0.id, score: $0.score.bitPattern) }
    }
}

extension [Answer] {
    /// Throws unless these are the answers to some queries.
    ///
    /// - Parameter what: where these answers come from.
    func check(against queries: QuerySet, _ what: String) throws(BenchmarkError) {
        let (expected, texts) = (queries.answers, queries.texts)
        guard count == expected.count else {
            throw BenchmarkError("\(what): \(count) answers to \(expected.count) queries")
        }
        for (place, (mine, its)) in zip(self, expected).enumerated() where mine != its {
            throw BenchmarkError(
                "\(what): the answer to `\(texts[place])` is \(mine), expected \(its)")
        }
    }
}
