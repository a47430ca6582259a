import TestSupport
import Testing

@testable import SearchIndex

/// Impact maps choose documents; which ones are found must not depend on them.
struct ImpactTests {
    @Test func `what can reach a score is never below its threshold in whole numbers`() {
        var random = SeededRandom.forTest("impact thresholds")
        var reached = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...6, using: &random)
            let factors = (0..<count).map { _ in Float.random(in: 0...20, using: &random) }
            let ratios = (0..<count).map { _ in Float.random(in: 0...1, using: &random) }
            let rest = Float.random(in: 0...5, using: &random)
            let sum = zip(factors, ratios).reduce(rest) { $0 + $1.0 * $1.1 }
            let needed = sum * Float.random(in: 0.5...1.05, using: &random)
            let threshold = ImpactThreshold(factors, needed: needed, rest: rest)
            let codes = ratios.map { ratio in
                var map = ImpactMap(documentLimit: 1, NormParameters(averageLength: 1))
                map.insert(0, ratio: ratio)
                return map.codes[0]
            }
            let own = zip(threshold.weights, codes).reduce(0) { $0 + Int($1.0) * Int($1.1) }
            #expect(own <= Int(Int16.max))
            if sum >= needed { #expect(own >= Int(threshold.least)) }
            if own >= Int(threshold.least) { reached += 1 }
        }
        #expect(reached < 20_000)
    }

    private static let extremes: [([Float], Float, Float)] = [
        ([0, 0], 1, 0), ([1, 1], .infinity, 0), ([1], -.infinity, 0),
        ([.greatestFiniteMagnitude, .greatestFiniteMagnitude], 1, 0),
        ([.leastNonzeroMagnitude], .leastNonzeroMagnitude, 0),
        ([1, 2], 0, 1e30), ([1, 2], 1e30, 0),
    ]

    @Test(arguments: extremes)
    func `extreme weights and thresholds do not trap`(
        factors: [Float], needed: Float, rest: Float
    ) {
        let threshold = ImpactThreshold(factors, needed: needed, rest: rest)
        #expect(threshold.weights.count == factors.count)
        #expect(threshold.least >= 0)
    }

    @Test func `documents are collected as one by one`() {
        var random = SeededRandom.forTest("collected documents")
        for _ in 0..<300 {
            let length = 8 * Int.random(in: 1...70, using: &random)
            let maps = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                (0..<length).map { _ in UInt8.random(in: 0...127, using: &random) }
            }
            let weights = maps.map { _ in Int16.random(in: 0...60, using: &random) }
            let least = Int16.random(in: 0...20_000, using: &random)
            let expected = (0..<length).filter { document in
                let sum = maps.indices.reduce(0) { $0 + Int(maps[$1][document]) * Int(weights[$1]) }
                return sum >= Int(least)
            }
            #expect(collect(maps, weights, least, count: length / 8) == expected)
        }
    }

    /// All documents whose sums are not below `least`, through batches of 128.
    private func collect(
        _ maps: [[UInt8]], _ weights: [Int16], _ least: Int16, count: Int
    ) -> [Int] {
        var sums = [CandidateKernels.EightSums](repeating: .zero, count: count)
        for index in maps.indices {
            CandidateKernels.add(
                maps[index], weight: weights[index], from: 0, to: &sums, count,
                isFirst: index == 0)
        }
        var found: [Int] = []
        var next = 0
        while next < count {
            var documents = [UInt32](repeating: 0, count: CandidateKernels.slotCount)
            var size = 0
            next += CandidateKernels.collect(
                Array(sums[next...]), count - next, least: least, first: 8 * next,
                into: &documents, &size)
            found += documents[..<size].map { Int($0) }
        }
        return found
    }

    @Test func `bounds of an impact map hold under other average lengths`() throws {
        let built = NormParameters(averageLength: 20)
        let norms = built.norms()
        for average in [0.5, 19.99, 20, 20.01, 400] {
            let other = NormParameters(averageLength: average)
            let others = other.norms()
            for code in norms.indices {
                var map = ImpactMap(documentLimit: 1, built)
                let widening = try #require(map.widening(under: other))
                for frequency: UInt32 in [1, 2, 7, 60, 4_000_000] {
                    map.insert(
                        0,
                        ratio: BM25.contribution(
                            weight: 1, frequency: frequency, norm: norms[code]))
                    let bound = Float(map.codes[0]) / ImpactMap.greatest * widening
                    let ratio = BM25.contribution(
                        weight: 1, frequency: frequency, norm: others[code])
                    #expect(bound >= ratio, "code \(code), average \(average)")
                }
            }
        }
        let otherK1 = NormParameters(averageLength: 20, BM25Parameters(k1: 2, b: 0.75))
        #expect(ImpactMap(documentLimit: 1, built).widening(under: otherK1) == nil)
    }

    @Test func `searches by impacts find what the exhaustive scorer finds, under any statistics`()
        throws
    {
        var random = SeededRandom.forTest("searches by impacts")
        let corpus = try RandomCorpus(documents: 2_500, words: 12, using: &random)
        let scorer = ExhaustiveScorer(corpus.documents, schema: corpus.schema)
        let scratch = try ScratchIndex(corpus, shards: 1)
        let shard = scratch.index.shards[0]
        let own = scratch.index.description.statistics
        for round in 0..<60 {
            let words = corpus.vocabulary.shuffled(using: &random).prefix(1 + round % 4)
            let operation = [" ", " AND "][round % 2]
            let text =
                round % 5 == 4
                ? "\"\(words.joined(separator: " "))\"" : words.joined(separator: operation)
            let query = try scratch.index.parse(text)
            let other = CollectionStatistics(
                documents: own.documents,
                fields: own.fields.map { field in
                    FieldStatistics(
                        name: field.name,
                        tokens: field.tokens * UInt64.random(in: 1...6, using: &random) / 2 + 1)
                })
            for statistics in [own, own, other] {
                let expected = scorer.search(query, limit: 30, statistics: statistics).hits
                let found = try shard.search(
                    query, k: 10, statistics: statistics, totals: .none, floor: nil)
                #expect(found.hits == Array(expected.prefix(10)), "\(text)")
            }
        }
        #expect(shard.shard.segments[0].cache.byteCount > 2 * corpus.documents.count)
    }
}
