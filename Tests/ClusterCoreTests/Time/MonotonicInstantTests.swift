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
}
