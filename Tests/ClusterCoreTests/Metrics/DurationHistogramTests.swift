import TestSupport
import Testing

@testable import ClusterCore

/// Durations in HDR histograms.
struct DurationHistogramTests {
    @Test func `percentiles are those of the sorted durations to a hundredth`() {
        var random = SeededRandom.forTest("percentiles of durations")
        for largest in [50, 5_000, 500_000, 400_000_000] as [UInt64] {
            var histogram = DurationHistogram()
            let durations = (0..<3_000).map { _ in UInt64.random(in: 0...largest, using: &random) }
            for duration in durations { histogram.record(microseconds: duration) }
            let sorted = durations.sorted()
            for percent in [1.0, 50, 90, 99, 100] {
                let exact = Percentiles.value(at: percent, ofSorted: sorted)
                let found = histogram.percentile(percent)
                #expect(found >= exact && found <= exact + exact / 100, "\(percent) of \(largest)")
            }
            #expect(histogram.count == 3_000)
            #expect(histogram.mean == durations.reduce(0, +) / 3_000)
        }
    }

    @Test func `one without durations says zero`() {
        let histogram = DurationHistogram()
        #expect(histogram.percentile(50) == 0)
        #expect(histogram.percentile(100) == 0)
        #expect(histogram.mean == 0)
    }

    @Test func `what is longer than ten minutes counts as ten minutes, its sum exactly`() {
        var histogram = DurationHistogram()
        histogram.record(microseconds: 3_600_000_000)
        histogram.record(microseconds: 9_000_000_000_000)
        #expect(histogram.count == 2)
        #expect((594_000_000...606_000_000).contains(histogram.percentile(50)))
        #expect(histogram.sumMicroseconds == 9_003_600_000_000)
    }

    @Test func `taking gives all and begins anew, and adding brings it together again`() {
        var histogram = DurationHistogram()
        histogram.record(microseconds: 10)
        var taken = histogram.take()
        #expect(taken.count == 1)
        #expect(histogram.count == 0)
        #expect(histogram.sumMicroseconds == 0)
        histogram.record(microseconds: 20)
        taken.add(histogram.take())
        #expect(taken.count == 2)
        #expect(taken.sumMicroseconds == 30)
        #expect(taken.percentile(100) == 20)
    }

    @Test func `recent durations forget what lies 2048 back, and keep the last 1024`() {
        var recent = RecentDurations()
        for _ in 0..<1_024 { recent.record(microseconds: 900) }
        #expect(recent.all.count == 1_024)
        for _ in 0..<1_023 { recent.record(microseconds: 100) }
        #expect(recent.all.count == 2_047)
        #expect((900...909).contains(recent.all.percentile(99)))
        recent.record(microseconds: 100)
        #expect(recent.all.count == 1_024)
        #expect(recent.all.percentile(99) == 100)
    }

    @Test func `microseconds between instants are whole, and none if the later comes first`() {
        let start = MonotonicInstant(nanoseconds: 5_000)
        #expect(start.microseconds(to: MonotonicInstant(nanoseconds: 7_999)) == 2)
        #expect(start.microseconds(to: MonotonicInstant(nanoseconds: 4_000)) == 0)
    }
}
