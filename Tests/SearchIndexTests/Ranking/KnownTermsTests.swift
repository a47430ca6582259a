import TestSupport
import Testing

@testable import SearchIndex

/// Terms that searches asked for are known from then on, as long as there is room.
struct KnownTermsTests {
    /// A list to make known terms of: which one does not matter.
    private func list(_ random: inout SeededRandom) throws -> (entry: TermEntry, list: TermList) {
        let corpus = try RandomCorpus(documents: 300, words: 5, using: &random)
        let scratch = try ScratchIndex(corpus, shards: 1)
        let segment = scratch.index.shards[0].shard.segments[0]
        let field = try #require(segment.fields.first)
        let word = try #require(corpus.vocabulary.first)
        let entry = try #require(try field.lookup(Array(word.utf8)))
        let scoring = FieldScoring(
            norms: FieldNorms(NormParameters(averageLength: 7)), field: field)
        let list = try segment.file.withBytes(0..<segment.file.byteCount) { bytes in
            let layout = try PostingsLayout(
                entry, bytes, base: field.postings.range.lowerBound,
                hasPositions: field.hasPositions, documentCount: segment.documentCount)
            return TermList(
                layout, weight: 1, leaf: 0, scoring: scoring,
                greatest: try TermList.greatest(of: layout, scoring, bytes))
        }
        return (entry, list)
    }

    @Test func `a term that was inserted is found, any other is not, however many there are`()
        throws
    {
        var random = SeededRandom.forTest("known terms")
        let (entry, list) = try list(&random)
        let terms = KnownTerms()
        let texts = (0..<20_000).map { Array("\(random.next() % 100_000)x\($0)".utf8) }
        var kept = 0
        for text in texts {
            #expect(terms.find(text) == nil)
            let known = KnownTerm(text, entry, list.layout, greatest: list.greatest)
            terms.insert(known)
            let found = terms.find(text)
            #expect(found == nil || found === known)
            if found != nil { kept += 1 }
        }
        // The table is bounded, and nothing is ever displaced.
        #expect(kept <= 4096 && kept > 4000)
        #expect(texts.count { terms.find($0) != nil } == kept)
    }

    @Test func `of two of one term the first stays`() throws {
        var random = SeededRandom.forTest("known twice")
        let (entry, list) = try list(&random)
        let terms = KnownTerms()
        for text in ["", "a", "a longer term than sixteen bytes"].map({ Array($0.utf8) }) {
            let first = KnownTerm(text, entry, list.layout, greatest: 0.5)
            terms.insert(first)
            terms.insert(KnownTerm(text, entry, list.layout, greatest: 0.25))
            #expect(terms.find(text) === first)
        }
    }

    @Test func `threads that insert the same terms at once find the same ones`() async throws {
        var random = SeededRandom.forTest("known terms of threads")
        let (entry, list) = try list(&random)
        let (layout, greatest) = (list.layout, list.greatest)
        let terms = KnownTerms()
        let texts = (0..<2_000).map { Array("t\($0)".utf8) }
        let orders = (0..<4).map { _ in texts.shuffled(using: &random) }
        let found = await withTaskGroup(of: [TermBytes: ObjectIdentifier].self) { group in
            for order in orders {
                group.addTask {
                    var found: [TermBytes: ObjectIdentifier] = [:]
                    for text in order {
                        terms.insert(KnownTerm(text, entry, layout, greatest: greatest))
                        found[text] = terms.find(text).map { ObjectIdentifier($0) }
                    }
                    return found
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for text in texts {
            let last = terms.find(text).map { ObjectIdentifier($0) }
            for one in found { #expect(one[text] == last) }
        }
        #expect(found.allSatisfy { $0.count > 1_900 })
    }

    @Test func `searches of known terms find what the first ones found`() throws {
        var random = SeededRandom.forTest("searches of known terms")
        let corpus = try RandomCorpus(documents: 1_000, words: 40, using: &random)
        let scratch = try ScratchIndex(corpus, shards: 1)
        let scorer = ExhaustiveScorer(corpus.documents, schema: corpus.schema)
        for round in 0..<80 {
            let text = corpus.query(terms: [1, 2, 3, 8][round % 4], using: &random)
            let query = try scratch.index.parse(text)
            let expected = scorer.search(query, limit: 10)
            for _ in 0..<2 {
                #expect(try scratch.index.search(query, limit: 10).hits.map(\.hit) == expected.hits)
            }
        }
    }
}
