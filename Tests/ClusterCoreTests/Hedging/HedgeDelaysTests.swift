import TestSupport
import Testing
import WireProtocol

@testable import ClusterCore

/// How long a late task is waited for, and how many may be hedged.
struct HedgeDelaysTests {
    @Test func `a bucket gives its burst, then a share of what it earns`() {
        var bucket = TokenBucket(share: 0.25, burst: 3)
        #expect((0..<5).map { _ in bucket.take() } == [true, true, true, false, false])
        var taken = 0
        for _ in 0..<40 {
            bucket.earn()
            if bucket.take() { taken += 1 }
        }
        #expect(taken == 10)
        for _ in 0..<1_000 { bucket.earn() }
        #expect((0..<5).map { _ in bucket.take() } == [true, true, true, false, false])
    }

    @Test func `a quantile lies above the exact one by at most a fifth`() {
        var random = SeededRandom.forTest("latency quantiles")
        for _ in 0..<50 {
            var quantile = LatencyQuantile()
            let scale = Double.random(in: 4...15, using: &random)
            let latencies = (0..<400).map { _ in
                Duration.microseconds(
                    Int64(exp2(Double.random(in: scale...scale + 6, using: &random))))
            }
            for latency in latencies { quantile.add(latency) }
            let sorted = latencies.sorted()
            for share in [0.0, 0.5, 0.9, 0.95, 0.99] {
                let exact = sorted[max(399 - Int(400 * (1 - share)), 0)]
                let found = quantile.value(at: share)
                #expect(found >= exact, "\(share)")
                #expect(found <= max(exact * 1.2, .microseconds(40)), "\(share) of \(exact)")
            }
        }
    }

    @Test func `a quantile follows a change within some hundred latencies`() {
        var quantile = LatencyQuantile()
        for _ in 0..<10_000 { quantile.add(.milliseconds(1)) }
        for _ in 0..<100 { quantile.add(.milliseconds(100)) }
        #expect(quantile.value(at: 0.95) >= .milliseconds(100))
        for _ in 0..<3_000 { quantile.add(.milliseconds(1)) }
        #expect(quantile.value(at: 0.95) < .milliseconds(2))
        #expect(quantile.count < 512)
    }

    @Test func `the shortest and the longest latencies have a bin too`() {
        var quantile = LatencyQuantile()
        quantile.add(.zero)
        quantile.add(.seconds(-1))
        #expect(quantile.value(at: 0.95) < .microseconds(50))
        quantile.add(.seconds(100_000))
        #expect(quantile.value(at: 0.95) > .seconds(30))
        #expect(LatencyQuantile().value(at: 0.95) == .zero)
    }

    @Test func `the delay is a guess until enough answers are known, and never too short`() {
        let small = QueryClass(hits: 10, bytes: 20)
        let large = QueryClass(hits: 1_000, bytes: 20)
        #expect(small != large)
        #expect(small == QueryClass(hits: 1, bytes: 32))
        var delays = HedgeDelays()
        for _ in 0..<31 { delays.add(.milliseconds(20), of: small) }
        #expect(delays.delay(of: small) == .milliseconds(200))
        delays.add(.milliseconds(20), of: small)
        #expect(
            (Duration.milliseconds(20)...Duration.milliseconds(24)).contains(
                delays.delay(of: small)))
        #expect(delays.delay(of: large) == .milliseconds(200))
        for _ in 0..<64 { delays.add(.microseconds(90), of: large) }
        #expect(delays.delay(of: large) == .milliseconds(1))
    }

    private func exp2(_ power: Double) -> Double {
        let whole = power.rounded(.down)
        // Linear within the octave is good enough for spreading.
        return Double(sign: .plus, exponent: Int(whole), significand: 1 + (power - whole))
    }
}
