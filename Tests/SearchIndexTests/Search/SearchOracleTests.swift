import SearchIndex
import TestSupport
import Testing

/// Real indexes in a scratch folder, searched and compared with the exhaustive scorer.
@Suite(.timeLimit(.minutes(10)))
struct SearchOracleTests {
    @Test(arguments: [1, 10, 500, 9_000])
    func `hits, scores and totals are those of the exhaustive scorer`(count: Int) throws {
        var random = SeededRandom.forTest("oracle, \(count) documents")
        let corpus = try RandomCorpus(documents: count, words: 30, using: &random)
        let scorer = ExhaustiveScorer(corpus.documents, schema: corpus.schema)
        let variants = try IndexVariant.all(corpus, &random)
        for round in 0..<(count > 1_000 ? 12 : 96) {
            let variant = variants[round / 4 % variants.count]
            let index = variant.scratch.index
            let terms = [1, 2, 3, 8][round % 4]
            let text = corpus.query(terms: terms, using: &random)
            let query = try index.parse(text)
            let expected = scorer.search(query, limit: count + 1, deleted: variant.deleted)
            for limit in [0, 1, 10, 100, count + 1] {
                let answer = try index.search(query, limit: limit)
                #expect(answer.totalHits == expected.total, "\(text)")
                #expect(
                    answer.hits.map(\.hit) == Array(expected.hits.prefix(limit)),
                    "\(text), limit \(limit)")
                let uncounted = try index.search(query, limit: limit, totals: .none)
                #expect(uncounted.hits == answer.hits, "\(text), limit \(limit), not counted")
                #expect(uncounted.total.count <= expected.total)
                let counted = try index.search(query, limit: limit, totals: .upTo(20))
                #expect(counted.total.count >= min(20, expected.total))
                #expect(counted.total.count <= expected.total)
            }
        }
    }

    @Test
    func `the number of shards changes no hit, score, total or page`() throws {
        var random = SeededRandom.forTest("sharding")
        for _ in 0..<3 {
            let count = Int.random(in: 50...1_500, using: &random)
            let corpus = try RandomCorpus(documents: count, words: 40, using: &random)
            let whole = try ScratchIndex(corpus, shards: 1)
            let sharded = try [2, 3, 4, 7].map { try ScratchIndex(corpus, shards: $0) }
            for round in 0..<40 {
                let text = corpus.query(terms: [1, 2, 3, 8][round % 4], using: &random)
                let query = try whole.index.parse(text)
                let offset = round % 5 == 0 ? Int.random(in: 0..<50, using: &random) : 0
                let expected = try whole.index.search(query, limit: 100, offset: offset)
                for other in sharded {
                    let answer = try other.index.search(query, limit: 100, offset: offset)
                    #expect(answer.hits.map(\.hit) == expected.hits.map(\.hit), "\(text)")
                    #expect(answer.totalHits == expected.totalHits, "\(text)")
                }
            }
        }
    }

    @Test
    func `equal scores come in the order of the input`() throws {
        var random = SeededRandom.forTest("equal scores")
        var lines: [CorpusDocument] = []
        for number in 0..<300 {
            let id = "\(UInt32.random(in: 0...UInt32.max, using: &random))-\(number)"
            lines.append(CorpusDocument(id: id, fields: ["body": "same words"]))
        }
        let corpus = try RandomCorpus(lines)
        for shards in [1, 3, 7] {
            let scratch = try ScratchIndex(corpus, shards: shards)
            let answer = try scratch.index.search(try scratch.index.parse("same"), limit: 300)
            #expect(answer.hits.map(\.hit.orderKey) == (0..<300).map { OrderKey($0) })
        }
    }

    @Test
    func `stored documents come back as they were given`() throws {
        var random = SeededRandom.forTest("stored documents")
        let corpus = try RandomCorpus(documents: 400, words: 50, using: &random)
        let scratch = try ScratchIndex(corpus, shards: 3)
        let answer = try scratch.index.search(try scratch.index.parse("*"), limit: 400)
        #expect(answer.hits.count == 400)
        for hit in answer.hits {
            let given = corpus.documents[Int(hit.hit.orderKey.rawValue)]
            #expect(try scratch.index.document(of: hit) == given.json)
            #expect(hit.hit.id == Array(given.id.utf8)[...])
        }
    }

    @Test
    func `of repeated ids the last counts, as if the others were absent`() throws {
        var random = SeededRandom.forTest("repeated ids")
        let corpus = try RandomCorpus(documents: 600, words: 30, using: &random)
        // Some documents come twice; the second one is another text.
        var lines: [CorpusDocument] = []
        for (number, document) in corpus.documents.enumerated() {
            let id = number % 3 == 0 ? "again-\(number % 60)" : document.id
            lines.append(CorpusDocument(id: id, fields: document.fields))
        }
        let last = Dictionary(lines.enumerated().map { ($1.id, $0) }) { max($0, $1) }
        let kept = lines.enumerated().filter { last[$1.id] == $0 }.map(\.element)
        let repeated = try ScratchIndex(try RandomCorpus(lines, like: corpus), shards: 3)
        let single = try ScratchIndex(try RandomCorpus(kept, like: corpus), shards: 3)
        #expect(
            repeated.index.description.statistics == single.index.description.statistics)
        for round in 0..<30 {
            let text = corpus.query(terms: 1 + round % 3, using: &random)
            let query = try repeated.index.parse(text)
            let first = try repeated.index.search(query, limit: 100)
            let second = try single.index.search(query, limit: 100)
            #expect(first.hits.map(\.hit.id) == second.hits.map(\.hit.id), "\(text)")
            #expect(first.hits.map(\.hit.score) == second.hits.map(\.hit.score), "\(text)")
        }
    }

    @Test
    func `a search stops when its control says so`() throws {
        var random = SeededRandom.forTest("stopping")
        let corpus = try RandomCorpus(documents: 3_000, words: 5, using: &random)
        let scratch = try ScratchIndex(corpus, shards: 1)
        let query = try scratch.index.parse("w0 w1 w2")
        #expect(throws: SearchError.cancelled) {
            try scratch.index.search(query, limit: 10, control: SearchControl { .cancelled })
        }
        #expect(throws: SearchError.deadline) {
            try scratch.index.search(query, limit: 10, control: SearchControl { .deadline })
        }
    }
}
