import ClusterCore
import Testing

struct MonotonicInstantTests {
    @Test func `adding a duration and taking it away returns to the instant`() {
        let instant = MonotonicInstant(nanoseconds: 5_000_000_000)
        let later = instant + .milliseconds(1500)
        #expect(later.nanoseconds == 6_500_000_000)
        #expect(later - .milliseconds(1500) == instant)
        #expect(instant < later)
    }

    @Test func `the difference of two instants is exact and signed`() {
        let start = MonotonicInstant(nanoseconds: 0)
        let end = MonotonicInstant(nanoseconds: .max)
        #expect(end - start == .nanoseconds(Int64.max) * 2 + .nanoseconds(1))
        #expect(start - end == .zero - (end - start))
        #expect(start.duration(to: end) == end - start)
    }

    @Test func `the clock saturates at both ends`() {
        let start = MonotonicInstant(nanoseconds: 1)
        let huge = Duration.seconds(Int64.max)
        #expect((start + huge).nanoseconds == .max)
        #expect((start - huge).nanoseconds == 0)
        #expect(start.advanced(by: .zero - huge).nanoseconds == 0)
    }

    @Test func `what is finer than a nanosecond is dropped towards zero`() {
        let instant = MonotonicInstant(nanoseconds: 10)
        let almostOne = Duration(secondsComponent: 0, attosecondsComponent: 999_999_999)
        #expect(instant + almostOne == instant)
        #expect(instant - almostOne == instant)
    }

    @Test func `whole units are cut towards zero, and clamped, for short and for long durations`() {
        for (duration, milliseconds, microseconds) in [
            (Duration.zero, 0, 0), (.nanoseconds(1_999), 0, 1), (.microseconds(1_999), 1, 1_999),
            (.seconds(9), 9_000, 9_000_000), (.seconds(10), 10_000, 10_000_000),
            (.seconds(300) + .nanoseconds(1_500), 300_000, 300_000_001),
            (.seconds(1 << 40), UInt32.max, (1 << 40) * 1_000_000), (.nanoseconds(-1), 0, 0),
            (.seconds(-100), 0, 0),
            (Duration(secondsComponent: .max, attosecondsComponent: 0), .max, .max),
        ] as [(Duration, UInt32, UInt64)] {
            #expect(duration.wholeMilliseconds == milliseconds)
            #expect(duration.wholeMicroseconds == microseconds)
            let instant = MonotonicInstant(nanoseconds: 5_000)
            #expect((instant + duration) >= instant || duration < .zero)
        }
        #expect(
            MonotonicInstant(nanoseconds: 0) + .seconds(20) + .nanoseconds(3)
                == MonotonicInstant(nanoseconds: 20_000_000_003))
    }
}
