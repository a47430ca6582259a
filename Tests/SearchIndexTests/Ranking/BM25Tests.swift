import Foundation
import TestSupport
import Testing

@testable import SearchIndex

struct BM25Tests {
    @Test func `the logarithm agrees with the C library's`() {
        var random = SeededRandom.forTest("logarithm")
        for _ in 0..<20_000 {
            let value = 1 + pow(10, Double.random(in: -12...12, using: &random))
            let expected = log(value)
            #expect(abs(NaturalLogarithm.of(value) - expected) <= 4 * expected.ulp, "\(value)")
        }
        #expect(NaturalLogarithm.of(1) == 0)
    }

    @Test func `an inverse document frequency has the value of the formula`() {
        let idf = BM25.inverseDocumentFrequency(documents: 1000, frequency: 10)
        #expect(abs(idf - Float(log(1 + 990.5 / 10.5))) <= idf.ulp)
        #expect(BM25.inverseDocumentFrequency(documents: 5, frequency: 5) > 0)
        #expect(
            BM25.inverseDocumentFrequency(documents: 5, frequency: 9)
                == BM25.inverseDocumentFrequency(documents: 5, frequency: 5))
    }

    @Test func `rarer terms weigh more`() {
        var last = Float.infinity
        for frequency in [1, 2, 10, 1000, 999_999, 1_000_000] as [UInt64] {
            let idf = BM25.inverseDocumentFrequency(documents: 1_000_000, frequency: frequency)
            #expect(idf < last)
            last = idf
        }
    }

    @Test func `the score never falls with the frequency and never rises with the length`() {
        let lengths: [UInt32] = Array(0...300) + [1000, 100_000, 1 << 30]
        for average in [0.5, 14, 286] {
            let norms = lengths.map { BM25.norm(length: $0, averageLength: average) }
            for (shorter, longer) in zip(norms, norms.dropFirst()) {
                for frequency in 1...20 as ClosedRange<UInt32> {
                    let score = BM25.contribution(weight: 3, frequency: frequency, norm: shorter)
                    let more = BM25.contribution(weight: 3, frequency: frequency + 1, norm: shorter)
                    let less = BM25.contribution(weight: 3, frequency: frequency, norm: longer)
                    #expect(more >= score)
                    #expect(less <= score)
                    #expect(score > 0)
                }
            }
        }
    }

    @Test func `no frequency below the least one reaches what is needed`() {
        var random = SeededRandom.forTest("least frequencies")
        for _ in 0..<20_000 {
            let norm = pow(10, Float.random(in: -7...3, using: &random))
            let weight = pow(10, Float.random(in: -3...3, using: &random))
            let frequency = UInt32.random(in: 1...100, using: &random)
            let reached = BM25.contribution(weight: weight, frequency: frequency, norm: norm)
            let needed =
                [
                    reached, reached.nextUp, reached.nextDown,
                    reached * Float.random(in: 0.9...1.1, using: &random),
                ].randomElement(using: &random) ?? reached
            let least = BM25.leastFrequency(weight: weight, norm: norm, reaching: needed)
            for below in 1..<max(1, UInt32(least)) {
                let score = BM25.contribution(weight: weight, frequency: below, norm: norm)
                #expect(score < needed, "\(below) of \(least), norm \(norm), weight \(weight)")
            }
            if needed == reached, norm > 0.1 {
                #expect(least == frequency, "norm \(norm), weight \(weight)")
            }
        }
        // Weights that no score reaches, or that are none.
        for weight in [-1, 0, .infinity, 1e-38, .nan] as [Float] {
            for needed in [.leastNonzeroMagnitude, 1, .greatestFiniteMagnitude, .infinity]
                as [Float]
            {
                for norm in [0, 1, .infinity] as [Float] {
                    let least = BM25.leastFrequency(weight: weight, norm: norm, reaching: needed)
                    #expect(least >= 1)
                }
            }
        }
    }
}
