import TestSupport
import Testing

@testable import SearchIndex

/// Totals of intersections: by sets of all documents, or a batch at a time before any is scored.
struct CountingTests {
    @Test func `intersections have the totals of the exhaustive scorer, whichever way is cheaper`()
        throws
    {
        var random = SeededRandom.forTest("counting intersections")
        let corpus = try RandomCorpus(documents: 2_000, words: 150, using: &random)
        let scorer = ExhaustiveScorer(corpus.documents, schema: corpus.schema)
        var ways: [Bool: Int] = [:]
        for deletedCount in [0, 300] {
            let deleted = Set(
                (0..<corpus.documents.count).shuffled(using: &random).prefix(deletedCount))
            let scratch = try ScratchIndex(corpus, shards: 1, deleted: deleted)
            for round in 0..<40 {
                // One word of any frequency, and frequent ones.
                var words = [try #require(corpus.vocabulary.randomElement(using: &random))]
                while words.count < 7 {
                    let word = RandomCorpus.word(corpus.vocabulary, &random)
                    if !words.contains(word) { words.append(word) }
                }
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
        }
        #expect(ways[true, default: 0] > 0 && ways[false, default: 0] > 0, "\(ways)")
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
