import TestSupport
import Testing

@testable import SearchIndex

/// Scans of a leader by bits and levels, against every document looked at.
struct LeaderScanTests {
    /// Some lists of one field of a segment, all of them in memory.
    private struct Lists {
        let scratch: ScratchIndex
        let segment: SegmentReader
        let scoring: FieldScoring
        var lists: [TermList] = []
        /// By list, the frequency of each document that has the term.
        var frequencies: [[UInt32: UInt32]] = []

        init(_ corpus: RandomCorpus, words: ArraySlice<String>, _ random: inout SeededRandom) throws
        {
            scratch = try ScratchIndex(corpus, shards: 1)
            segment = scratch.index.shards[0].shard.segments[0]
            let field = try #require(segment.fields.first { $0.hasPositions })
            scoring = FieldScoring(
                norms: FieldNorms(NormParameters(averageLength: 7)), field: field)
            for word in words {
                guard let entry = try field.lookup(Array(word.utf8)) else { continue }
                let weight = Float.random(in: 0.5...4, using: &random)
                try append(entry, field, weight: weight)
            }
        }

        private mutating func append(
            _ entry: TermEntry, _ field: FieldReader, weight: Float
        ) throws {
            var meter = WorkMeter(control: .none)
            let leaf = lists.count
            let list = try segment.file.withBytes(0..<segment.file.byteCount) { bytes in
                let layout = try PostingsLayout(
                    entry, bytes, base: field.postings.range.lowerBound,
                    hasPositions: field.hasPositions, documentCount: segment.documentCount)
                return TermList(
                    layout, resident: try ResidentPostings(layout, scoring, bytes, &meter),
                    weight: weight, leaf: leaf, scoring: scoring,
                    greatest: try TermList.greatest(of: layout, scoring, bytes))
            }
            lists.append(list)
            var own: [UInt32: UInt32] = [:]
            var cursor = try field.postings(entry)
            while try cursor.nextBlock() {
                for index in 0..<cursor.count {
                    own[cursor.documents[index]] = cursor.frequencies[index]
                }
            }
            frequencies.append(own)
        }

        /// What a document scores in all lists; nil without a required one.
        func score(_ document: UInt32, required: Int) -> Float? {
            segment.file.withBytes(0..<segment.file.byteCount) { bytes in
                var sum: Float = 0
                for index in lists.indices {
                    guard let frequency = frequencies[index][document] else {
                        if index < required { return nil }
                        continue
                    }
                    sum += scoring.contribution(lists[index].weight, document, frequency, bytes)
                }
                return sum
            }
        }

        /// What a scan of the first list collects, batch by batch.
        func scan(required: Int, needed: Float) throws -> [UInt32] {
            var joint = try #require(JointLevels(leader: lists[0], isPhrase: false))
            for index in lists.indices.dropFirst() {
                joint.append(lists[index], isRequired: index < required)
            }
            let rest = lists.dropFirst().reduce(0) { $0 + $1.maximum }
            var scan = LeaderScan()
            scan.restart()
            var found: [UInt32] = []
            try segment.file.withBytes(0..<segment.file.byteCount) { bytes in
                while scan.block < lists[0].blockCount {
                    var documents = [UInt32](repeating: 0, count: CandidateKernels.slotCount)
                    let size = try scan.collect(
                        from: lists[0], joint, rest: rest, needed: needed, bytes,
                        into: &documents)
                    found += documents[..<size]
                }
            }
            return found
        }
    }

    @Test func `a scan gives every match that reaches the score once, in order, and few others`()
        throws
    {
        var random = SeededRandom.forTest("leader scans")
        let corpus = try RandomCorpus(documents: 6_000, words: 20, using: &random)
        var counts = (found: 0, reaching: 0, matches: 0)
        for round in 0..<60 {
            let words = corpus.vocabulary.shuffled(using: &random).prefix(1 + round % 4)
            let lists = try Lists(corpus, words: words, &random)
            guard !lists.lists.isEmpty else { continue }
            let required = Int.random(in: 1...lists.lists.count, using: &random)
            let most = lists.lists.reduce(0) { $0 + $1.maximum }
            let needed =
                round % 5 == 0 ? -.infinity : most * Float.random(in: 0...1, using: &random)
            let found = try lists.scan(required: required, needed: needed)
            #expect(found == Array(Set(found)).sorted())
            let all = Set(found)
            for document in 0..<UInt32(lists.segment.documentCount) {
                guard let score = lists.score(document, required: required) else {
                    // Lists with bits that are required are met exactly.
                    #expect(!all.contains(document))
                    continue
                }
                counts.matches += 1
                if score >= needed {
                    counts.reaching += 1
                    #expect(all.contains(document), "\(document) with \(score) of \(needed)")
                }
            }
            counts.found += found.count
        }
        #expect(counts.reaching > 1_000)
        #expect(counts.found < (counts.reaching + counts.matches) / 2, "\(counts)")
    }

    @Test func `a scan that begins with another leader tells nothing of the one before`() throws {
        var random = SeededRandom.forTest("restarted scans")
        let corpus = try RandomCorpus(documents: 3_000, words: 12, using: &random)
        var scan = LeaderScan()
        for _ in 0..<20 {
            let words = corpus.vocabulary.shuffled(using: &random).prefix(1)
            let lists = try Lists(corpus, words: words, &random)
            guard let leader = lists.lists.first else { continue }
            let joint = try #require(JointLevels(leader: leader, isPhrase: false))
            scan.restart()
            var found: [UInt32] = []
            try lists.segment.file.withBytes(0..<lists.segment.file.byteCount) { bytes in
                while scan.block < leader.blockCount {
                    var documents = [UInt32](repeating: 0, count: CandidateKernels.slotCount)
                    let size = try scan.collect(
                        from: leader, joint, rest: 0, needed: -.infinity, bytes, into: &documents)
                    found += documents[..<size]
                }
            }
            #expect(found == lists.frequencies[0].keys.sorted())
        }
    }
}
