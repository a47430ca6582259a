/// A point on the monotonic clock: nanoseconds since an arbitrary start.
///
/// A pure value: it reads no clock. Shells read the clock and hand the instant to the state
/// machines, so that a test or a simulator can choose it. Only instants of one clock of one
/// process may be compared; the number means nothing to another host or after a reboot.
package struct MonotonicInstant: Hashable, Comparable, Sendable {
    /// Nanoseconds since the arbitrary start of the clock.
    package let nanoseconds: UInt64

    /// An instant `nanoseconds` after the arbitrary start of the clock.
    package init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The instant `duration` later (earlier when negative).
    ///
    /// Saturates at both ends of the clock (0 and 584 years), and drops what is finer than a
    /// nanosecond towards zero, so a duration taken from outside never traps. O(1).
    package func advanced(by duration: Duration) -> MonotonicInstant {
        let wanted = Int128(nanoseconds) + duration.wholeNanoseconds
        let kept = min(max(wanted, 0), Int128(UInt64.max))
        return MonotonicInstant(nanoseconds: UInt64(kept))
    }

    /// The exact time from this instant to `other`: negative when `other` is earlier. O(1).
    package func duration(to other: MonotonicInstant) -> Duration {
        Duration(wholeNanoseconds: Int128(other.nanoseconds) - Int128(nanoseconds))
    }

    /// The whole microseconds until a later instant; zero if it is earlier. O(1).
    func microseconds(to later: MonotonicInstant) -> UInt64 {
        later.nanoseconds > nanoseconds ? (later.nanoseconds - nanoseconds) / 1_000 : 0
    }

    /// Orders by time: the earlier instant is the smaller.
    package static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The instant `duration` after `instant`; see ``advanced(by:)``.
    package static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        instant.advanced(by: duration)
    }

    /// The instant `duration` before `instant`; saturates as ``advanced(by:)`` does.
    package static func - (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        let wanted = Int128(instant.nanoseconds) - duration.wholeNanoseconds
        let kept = min(max(wanted, 0), Int128(UInt64.max))
        return MonotonicInstant(nanoseconds: UInt64(kept))
    }

    /// The time from `earlier` to `later`: negative when they are given the other way round.
    package static func - (later: MonotonicInstant, earlier: MonotonicInstant) -> Duration {
        earlier.duration(to: later)
    }
}

extension Duration {
    /// The nanoseconds of the duration, what is finer dropped towards zero.
    ///
    /// A `Duration` is a signed 128-bit count of attoseconds, so the quotient always fits.
    fileprivate var wholeNanoseconds: Int128 {
        guard let short = Int64(exactly: attoseconds) else { return attoseconds / 1_000_000_000 }
        // Up to nine seconds: a multiplication in place of a division of 128 bits.
        return Int128(short / 1_000_000_000)
    }

    /// Whole milliseconds, cut to what a header or WELCOME can hold.
    package var wholeMilliseconds: UInt32 { UInt32(clamping: wholeMicroseconds / 1_000) }

    /// Whole microseconds; negative durations count as 0.
    package var wholeMicroseconds: UInt64 {
        guard let short = Int64(exactly: wholeNanoseconds) else {
            return UInt64(clamping: wholeNanoseconds / 1_000)
        }
        return UInt64(clamping: short / 1_000)
    }

    /// A duration of `wholeNanoseconds`, which must lie within ±2^64.
    fileprivate init(wholeNanoseconds: Int128) {
        self.init(attoseconds: wholeNanoseconds * 1_000_000_000)
    }
}
