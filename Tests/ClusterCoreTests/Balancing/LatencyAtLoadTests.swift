import Testing
import WireProtocol

@testable import ClusterCore

/// What is remembered of a replica's latencies, and how long.
struct LatencyAtLoadTests {
    private static let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    @Test func `nothing is known before the first answer`() {
        #expect(LatencyAtLoad().estimate(load: 0, at: Self.start) == nil)
    }

    @Test func `each class of loads has its own latency, others take the nearest`() {
        var latency = LatencyAtLoad()
        latency.add(.milliseconds(1), load: 0.5, at: Self.start)
        latency.add(.milliseconds(8), load: 5, at: Self.start)
        let expected = [
            (0.0, 0.001), (0.99, 0.001), (1.0, 0.001), (2.5, 0.008), (4.0, 0.008), (1e9, 0.008),
        ]
        for (load, seconds) in expected {
            #expect(latency.estimate(load: load, at: Self.start) == seconds, "load \(load)")
        }
    }

    @Test func `later answers count an eighth each`() {
        var latency = LatencyAtLoad()
        latency.add(.milliseconds(8), load: 0, at: Self.start)
        latency.add(.milliseconds(16), load: 0, at: Self.start)
        let estimate = latency.estimate(load: 0, at: Self.start) ?? 0
        #expect(abs(estimate - 0.009) < 1e-12)
    }

    @Test func `what is old is forgotten, and the next answer begins anew`() {
        var latency = LatencyAtLoad()
        latency.add(.seconds(1), load: 0, at: Self.start)
        let later = Self.start + LatencyAtLoad.lifetime
        #expect(latency.estimate(load: 0, at: later) == nil)
        latency.add(.milliseconds(1), load: 3, at: later)
        #expect(latency.estimate(load: 0, at: later) == 0.001)
    }
}
