import TestSupport
import Testing

@testable import SearchIndex

/// Totals of intersections: by sets of all documents, or a batch at a time before any is scored.
struct CountingTests {
    @Test func `intersections have the totals of the exhaustive scorer, whichever way is cheaper`()
        throws
    {
        var random = SeededRandom.forTest("counting intersections")
        let corpus = try RandomCorpus(documents: 4_000, words: 60, using: &random)
        let scorer = ExhaustiveScorer(corpus.documents, schema: corpus.schema)
        for deletedCount in [0, 700] {
            let deleted = Set(
                (0..<corpus.documents.count).shuffled(using: &random).prefix(deletedCount))
            let scratch = try ScratchIndex(corpus, shards: 1, deleted: deleted)
            var ways: [Bool: Int] = [:]
            for round in 0..<80 {
                let words = corpus.vocabulary.shuffled(using: &random)
                let must = words.prefix(2 + round % 3).map { "+body:\($0)" }
                let further = [[], ["-body:\(words[5])"], ["body:\(words[6])"]][round % 7 % 3]
                let text = (must + further).joined(separator: " ")
                let query = try scratch.index.parse(text)
                let expected = scorer.search(query, limit: 10, deleted: deleted)
                for limit in [0, 3, 10] {
                    let answer = try scratch.index.search(query, limit: limit)
                    #expect(answer.totalHits == expected.total, "\(text)")
                    #expect(answer.hits.map(\.hit) == Array(expected.hits.prefix(limit)), "\(text)")
                }
                ways[try isCountedBySets(query, in: scratch.index), default: 0] += 1
            }
            #expect(ways[true, default: 0] > 4 && ways[false, default: 0] > 4, "\(ways)")
        }
    }

    private func isCountedBySets(_ query: Query, in index: EmbeddedIndex) throws -> Bool {
        let shard = index.shards[0]
        let context = try #require(
            shard.contexts.contexts(of: shard.shard, index.description.statistics, shard.schema)
                .first)
        var meter = WorkMeter(control: .none)
        return try context.withBytes { bytes in
            let plan = try #require(try ListPlan(query, context, bytes, &meter))
            return plan.isCountedBySets(documentCount: context.documentCount)
        }
    }
}
