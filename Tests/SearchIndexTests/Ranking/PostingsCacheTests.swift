import TestSupport
import Testing

@testable import SearchIndex

/// Lists in memory: the same postings as on disk, made when it pays, within the budget.
struct PostingsCacheTests {
    /// The lists of one segment's field.
    private struct Lists {
        let scratch: ScratchIndex
        let segment: SegmentReader
        let field: FieldReader

        init(documents: Int, _ random: inout SeededRandom) throws {
            let corpus = try RandomCorpus(documents: documents, words: 30, using: &random)
            scratch = try ScratchIndex(corpus, shards: 1)
            segment = scratch.index.shards[0].shard.segments[0]
            field = try #require(segment.fields.first { $0.hasPositions })
        }

        func entry(_ word: Int) throws -> TermEntry? { try field.lookup(Array("w\(word)".utf8)) }

        func layout(_ entry: TermEntry) throws -> PostingsLayout {
            try segment.file.withBytes(0..<segment.file.byteCount) { bytes in
                try PostingsLayout(
                    entry, bytes, base: field.postings.range.lowerBound, hasPositions: true,
                    documentCount: segment.documentCount)
            }
        }

        /// What postings are scored with.
        var scoring: FieldScoring {
            FieldScoring(norms: FieldNorms(NormParameters(averageLength: 7)), field: field)
        }

        func resident(_ layout: PostingsLayout) throws -> ResidentPostings {
            var meter = WorkMeter(control: .none)
            return try segment.file.withBytes(0..<segment.file.byteCount) { bytes in
                try ResidentPostings(layout, scoring, bytes, &meter)
            }
        }

        func record(_ blocks: Int, of layout: PostingsLayout, in cache: PostingsCache) {
            var meter = WorkMeter(control: .none)
            segment.file.withBytes(0..<segment.file.byteCount) { bytes in
                cache.record(blocks, of: layout, scoring, bytes, &meter)
            }
        }
    }

    /// The frequency of a posting.
    private func frequency(at place: Int, in resident: ResidentPostings) -> UInt32 {
        let code = resident.code
        let frequency = code.frequency(resident.frequencies[code.byte(of: place)], at: place)
        return frequency == code.great ? resident.greatFrequency(at: place) : frequency
    }

    @Test func `a resident list tells of every document what the list on disk says`() throws {
        var random = SeededRandom.forTest("resident postings")
        let lists = try Lists(documents: 3_000, &random)
        var compared = 0
        for word in 0..<30 {
            guard let entry = try lists.entry(word) else { continue }
            let resident = try lists.resident(try lists.layout(entry))
            var expected: [UInt32: UInt32] = [:]
            var cursor = try lists.field.postings(entry)
            while try cursor.nextBlock() {
                for index in 0..<cursor.count {
                    expected[cursor.documents[index]] = cursor.frequencies[index]
                }
            }
            var found: [UInt32: UInt32] = [:]
            for document in 0..<UInt32(lists.segment.documentCount) {
                guard let place = resident.place(of: document) else { continue }
                #expect(place == found.count)
                found[document] = frequency(at: place, in: resident)
            }
            #expect(found == expected, "w\(word)")
            compared += 1
        }
        #expect(compared > 20)
    }

    @Test(arguments: [14, 15, 16, 254, 255, 256, 70_000] as [UInt32])
    func `frequencies of any size come back`(greatest: UInt32) {
        var random = SeededRandom.forTest("frequency code \(greatest)")
        for _ in 0..<200 {
            let count = Int.random(in: 1...300, using: &random)
            // Great ones are rare in some of the lists.
            let isRare = Bool.random(using: &random)
            let frequencies = (0..<count).map { _ in
                UInt32.random(
                    in: 1...(isRare && Int.random(in: 0..<100, using: &random) > 0 ? 3 : greatest),
                    using: &random)
            }
            let code = FrequencyCode(for: frequencies)
            let (bytes, great) = code.encode(frequencies)
            for (place, frequency) in frequencies.enumerated() {
                let found = code.frequency(bytes[code.byte(of: place)], at: place)
                #expect(found == min(frequency, code.great))
                #expect(great[place] == (frequency >= code.great ? frequency : nil))
            }
        }
    }

    @Test func `a list becomes resident once lookups have cost as much as its making`() throws {
        var random = SeededRandom.forTest("due lists")
        let lists = try Lists(documents: 2_000, &random)
        let layout = try lists.layout(try #require(try lists.entry(0)))
        let cache = PostingsCache(documentCount: lists.segment.documentCount)
        #expect(layout.blockCount > 2)
        for _ in 1..<layout.blockCount {
            lists.record(1, of: layout, in: cache)
            #expect(cache.postings(of: layout) == nil)
        }
        lists.record(1, of: layout, in: cache)
        let resident = try #require(cache.postings(of: layout))
        #expect(cache.byteCount == resident.byteCount)
    }

    @Test func `within the budget the lists stay that are looked into most`() throws {
        var random = SeededRandom.forTest("full cache")
        let lists = try Lists(documents: 2_000, &random)
        var layouts: [PostingsLayout] = []
        for word in 0..<30 {
            guard let entry = try lists.entry(word) else { continue }
            let layout = try lists.layout(entry)
            if layout.blockCount > 1 { layouts.append(layout) }
        }
        #expect(layouts.count > 5)
        var policy = PostingsCache.Policy()
        policy.bytesPerDocument = 3
        let cache = PostingsCache(documentCount: lists.segment.documentCount, policy: policy)
        for layout in layouts { lists.record(layout.blockCount, of: layout, in: cache) }
        #expect(cache.byteCount <= 3 * lists.segment.documentCount)
        #expect(layouts.contains { cache.postings(of: $0) == nil })
        // One that is asked for half as much again as what is there stays out.
        let favourite = try #require(layouts.last { cache.postings(of: $0) == nil })
        lists.record(favourite.blockCount / 2, of: favourite, in: cache)
        #expect(cache.postings(of: favourite) == nil)
        // When it is asked for far more than all others it comes in, whatever was there.
        for _ in 0..<40 { lists.record(favourite.blockCount, of: favourite, in: cache) }
        #expect(cache.postings(of: favourite) != nil)
        #expect(cache.byteCount <= 3 * lists.segment.documentCount)
        #expect(
            cache.byteCount
                == layouts.reduce(0) { $0 + (cache.postings(of: $1)?.byteCount ?? 0) })
    }

    @Test func `an index of few documents has memory for lists, shared by its shards and segments`()
        throws
    {
        var random = SeededRandom.forTest("memory of few documents")
        let corpus = try RandomCorpus(documents: 200, words: 30, using: &random)
        let least = PostingsCache.Policy.leastBytes
        for shardCount in [1, 3] {
            let scratch = try ScratchIndex(corpus, shards: shardCount)
            let segments = scratch.index.shards.flatMap { $0.shard.segments }
            let budgets = segments.map { $0.cache.budget }
            #expect(budgets.reduce(0, +) <= least && budgets.reduce(0, +) > least * 9 / 10)
        }
        // Of many, as much as they need.
        let policy = PostingsCache.Policy()
        let cache = PostingsCache(documentCount: 1_000_000, leastBytes: least)
        #expect(cache.budget == 1_000_000 * policy.bytesPerDocument)
    }

    @Test func `searches find the same before and after lists become resident`() throws {
        var random = SeededRandom.forTest("searches of resident lists")
        let corpus = try RandomCorpus(documents: 4_000, words: 30, using: &random)
        let scorer = ExhaustiveScorer(corpus.documents, schema: corpus.schema)
        let scratch = try ScratchIndex(corpus, shards: 1)
        let cache = scratch.index.shards[0].shard.segments[0].cache
        for round in 0..<60 {
            let text = corpus.query(terms: [1, 2, 3, 8][round % 4], using: &random)
            let query = try scratch.index.parse(text)
            let expected = scorer.search(query, limit: 20)
            let cold = try EmbeddedIndex(directory: scratch.directory)
            for index in [cold, scratch.index, scratch.index] {
                let answer = try index.search(query, limit: 20)
                #expect(answer.hits.map(\.hit) == expected.hits, "\(text)")
                #expect(answer.totalHits == expected.total, "\(text)")
            }
        }
        #expect(cache.byteCount > 0)
    }
}
