import TestSupport
import Testing

@testable import SearchIndex

/// Impact levels choose documents; which ones are found must not depend on them.
struct ImpactTests {
    @Test func `a document's level bounds its saturated frequency, and is 0 without the term`() {
        var random = SeededRandom.forTest("impact levels")
        for round in 0..<200 {
            let words = Int.random(in: 1...20, using: &random)
            let bits = (0..<words).map { _ in
                UInt64.random(in: 0 ... .max, using: &random)
                    & UInt64.random(in: 0 ... .max, using: &random)
            }
            let count = bits.reduce(0) { $0 + $1.nonzeroBitCount }
            let steps = round % 3 == 0 ? 3 : 10_000
            let ratios = (0..<count).map { _ in
                Float(Int.random(in: 0...steps, using: &random)) / Float(steps)
            }
            let impacts = ImpactLevels(bits, ratios: ratios, NormParameters(averageLength: 1))
            #expect(impacts.greatest[0] == 0 && impacts.greatest == impacts.greatest.sorted())
            var posting = 0
            for document in 0..<64 * words {
                let level = level(of: document, impacts, words)
                if bits[document / 64] >> UInt64(document % 64) & 1 == 0 {
                    #expect(level == 0)
                } else {
                    #expect(level > 0 && impacts.greatest[level] >= ratios[posting])
                    posting += 1
                }
            }
        }
    }

    private func level(of document: Int, _ impacts: ImpactLevels, _ words: Int) -> Int {
        (0..<ImpactLevels.sliceCount).reduce(0) { level, slice in
            let word = impacts.slices[slice * words + document / 64]
            return level + Int(word >> UInt64(document % 64) & 1) << slice
        }
    }

    @Test func `words of a level have the documents from that level on`() {
        var random = SeededRandom.forTest("words of levels")
        for _ in 0..<100 {
            let words = Int.random(in: 1...12, using: &random)
            let bits = (0..<words).map { _ in UInt64.random(in: 0 ... .max, using: &random) }
            let count = bits.reduce(0) { $0 + $1.nonzeroBitCount }
            let ratios = (0..<count).map { _ in Float.random(in: 0...1, using: &random) }
            let impacts = ImpactLevels(bits, ratios: ratios, NormParameters(averageLength: 1))
            let first = Int.random(in: 0..<words, using: &random)
            for least in 2...ImpactLevels.highest {
                for step in [CandidateKernels.WordStep.take, .intersect] {
                    var found = (0..<words).map { _ in UInt64.random(in: 0 ... .max, using: &random)
                    }
                    let before = found
                    var output = found.mutableSpan
                    CandidateKernels.combine(
                        &output, words - first, slices: impacts.slices.span, from: first,
                        atLeast: least, step)
                    for place in 0..<64 * (words - first) {
                        let isThere = level(of: place + 64 * first, impacts, words) >= least
                        let wasThere = before[place / 64] >> UInt64(place % 64) & 1 == 1
                        let expected = isThere && (step == .take || wasThere)
                        #expect((found[place / 64] >> UInt64(place % 64) & 1 == 1) == expected)
                    }
                }
            }
        }
    }

    @Test func `documents are collected as one by one`() {
        var random = SeededRandom.forTest("collected documents")
        for round in 0..<300 {
            let words = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                (0..<round % 5).reduce(UInt64.max) { bits, _ in
                    bits & UInt64.random(in: 0 ... .max, using: &random)
                }
            }
            let base = UInt32.random(in: 0...1000, using: &random) * 64
            let start = base + UInt32.random(in: 0..<64, using: &random)
            let end = base + UInt32(64 * words.count)
            let last = max(start, end - UInt32.random(in: 1...64, using: &random))
            let expected = (start...last).filter {
                words[Int($0 - base) / 64] >> UInt64($0 % 64) & 1 == 1
            }
            #expect(collect(words, from: start, through: last) == expected)
        }
    }

    /// The documents of some words, through batches of 128.
    private func collect(
        _ words: [UInt64], from start: UInt32, through last: UInt32
    ) -> [UInt32] {
        var found: [UInt32] = []
        var next = start
        while next <= last {
            var documents = [UInt32](repeating: 0, count: CandidateKernels.slotCount)
            var size = 0
            var rest = Array(words[Int(next / 64 - start / 64)...])
            next = CandidateKernels.collect(
                &rest, Int(last / 64 - next / 64) + 1, from: next, through: last, into: &documents,
                &size)
            #expect(next > last || size == CandidateKernels.slotCount)
            found += documents[..<size]
        }
        return found
    }

    @Test func `a test of levels passes what can reach the score, of three lists nothing else`() {
        var random = SeededRandom.forTest("tests of levels")
        var counts = (passed: 0, refused: 0)
        for _ in 0..<2_000 {
            let isPhrase = Int.random(in: 0..<5, using: &random) == 0
            var joint = JointLevels(isPhrase: isPhrase)
            var scores: [[Float]] = []
            for list in 0..<Int.random(in: 1...5, using: &random) {
                let levels = [1, 2, 7].randomElement(using: &random) ?? 1
                // Some outweigh all others by far.
                let isGreat = Int.random(in: 0..<8, using: &random) == 0
                let most = Float.random(in: 0...20, using: &random) * (isGreat ? 1e6 : 1)
                let own =
                    [0]
                    + (0..<levels).map { _ in Float.random(in: 0...1, using: &random) * most }
                    .sorted()
                scores.append(own)
                joint.append(own, isRequired: list == 0 || isPhrase || Bool.random(using: &random))
            }
            let sums = scores.map { $0.last ?? 0 }
            let most = Bool.random(using: &random) ? sums.reduce(0, +) : sums.min() ?? 0
            let needed = most * Float.random(in: 0...1.1, using: &random)
            var test = LevelTest()
            test.set(joint, needed: needed)
            for _ in 0..<200 {
                let levels = scores.indices.map {
                    Int.random(in: joint.levels[$0], using: &random)
                }
                let own = zip(scores, levels).map { $0[$1] }
                let reached = isPhrase ? own.min() ?? 0 : own.reduce(0, +)
                let isPassed = passes(levels, test)
                if reached >= needed { #expect(isPassed, "\(scores) \(levels) \(needed)") }
                if isPassed, scores.count <= 3 { #expect(reached >= needed * 0.9999) }
                if isPassed { counts.passed += 1 } else { counts.refused += 1 }
            }
        }
        #expect(counts.passed > 10_000 && counts.refused > 10_000)
    }

    private func passes(_ levels: [Int], _ test: LevelTest) -> Bool {
        if test.isImpossible { return false }
        let meetsAll = test.conditions.allSatisfy { levels[$0.list] >= $0.level }
        let meetsOne = test.alternatives.contains { alternative in
            (0..<LevelTest.mostWeighed).allSatisfy { list in
                list < levels.count
                    ? levels[list] >= alternative.levels[list] : alternative.levels[list] == 0
            }
        }
        return meetsAll && (meetsOne || test.alternatives.isEmpty)
    }

    @Test(arguments: [Float.infinity, -.infinity, .nan, 0, -1, .leastNonzeroMagnitude])
    func `extreme thresholds lose nothing that can reach them`(needed: Float) {
        var joint = JointLevels(isPhrase: false)
        joint.append([0, 1, 2, 3], isRequired: true)
        joint.append([0, .greatestFiniteMagnitude], isRequired: false)
        var test = LevelTest()
        test.set(joint, needed: needed)
        #expect(passes([1, 0], test) == !(needed == .infinity))
        #expect(test.isImpossible == (needed == .infinity))
    }

    @Test func `bounds of impact levels hold under other average lengths`() throws {
        let built = NormParameters(averageLength: 20)
        let norms = built.norms()
        for average in [0.5, 19.99, 20, 20.01, 400] {
            let other = NormParameters(averageLength: average)
            let others = other.norms()
            for code in norms.indices {
                for frequency: UInt32 in [1, 2, 7, 60, 4_000_000] {
                    let ratio = BM25.contribution(
                        weight: 1, frequency: frequency, norm: norms[code])
                    let impacts = ImpactLevels([1], ratios: [ratio], built)
                    let widening = try #require(impacts.widening(under: other))
                    let bound = impacts.greatest[ImpactLevels.highest] * widening
                    let now = BM25.contribution(
                        weight: 1, frequency: frequency, norm: others[code])
                    #expect(bound >= now, "code \(code), average \(average)")
                }
            }
        }
        let otherK1 = NormParameters(averageLength: 20, BM25Parameters(k1: 2, b: 0.75))
        #expect(ImpactLevels([1], ratios: [1], built).widening(under: otherK1) == nil)
    }

    /// A query of one of the shapes that lists answer, of words of one field.
    private func query(_ round: Int, _ words: [String]) -> String {
        let own = words.map { "body:\($0)" }
        switch round % 8 {
        case 0: return own.prefix(1 + round % 4).joined(separator: " ")
        case 1: return own.prefix(2 + round % 2).joined(separator: " AND ")
        case 2: return "body:\"\(words[0]) \(words[1])\""
        case 3: return "body:\"\(words[0]) \(words[1])\"~2"
        case 4: return "+\(own[0]) +\(own[1]) \(own[2]) \(own[3])"
        case 5: return "+\(own[0]) \(own[1]) -\(own[2])"
        case 6: return own.prefix(5).joined(separator: " AND ")
        default: return "+\(own[0]) +\(own[1]) +\(own[2]) \(own[3])^1000000"
        }
    }

    @Test func `searches by levels find what the exhaustive scorer finds, under any statistics`()
        throws
    {
        var random = SeededRandom.forTest("searches by levels")
        let corpus = try RandomCorpus(documents: 2_500, words: 12, using: &random)
        let scorer = ExhaustiveScorer(corpus.documents, schema: corpus.schema)
        let scratch = try ScratchIndex(corpus, shards: 1)
        let shard = scratch.index.shards[0]
        let own = scratch.index.description.statistics
        for round in 0..<96 {
            let text = query(round, corpus.vocabulary.shuffled(using: &random))
            let query = try scratch.index.parse(text)
            let other = CollectionStatistics(
                documents: own.documents,
                fields: own.fields.map { field in
                    FieldStatistics(
                        name: field.name,
                        tokens: field.tokens * UInt64.random(in: 1...6, using: &random) / 2 + 1)
                })
            for statistics in [own, own, other] {
                let expected = scorer.search(query, limit: 3_000, statistics: statistics)
                for totals in [TotalCounting.none, .exact] {
                    let found = try shard.search(
                        query, k: 10, statistics: statistics, totals: totals, floor: nil)
                    #expect(found.hits == Array(expected.hits.prefix(10)), "\(text)")
                    if totals == .exact { #expect(found.totalHits == expected.total, "\(text)") }
                }
                // Behind some place of the list thresholds are low.
                guard let place = expected.hits.dropFirst(expected.hits.count / 2).first else {
                    continue
                }
                let found = try shard.search(
                    query, k: 10, statistics: statistics, totals: .none,
                    after: ScorePlace(score: place.score, orderKey: place.orderKey))
                let behind = expected.hits.dropFirst(expected.hits.count / 2 + 1).prefix(10)
                #expect(found.hits == Array(behind), "\(text)")
            }
        }
        #expect(shard.shard.segments[0].cache.byteCount > corpus.documents.count)
    }
}
