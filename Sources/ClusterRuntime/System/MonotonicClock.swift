package import ClusterCore
import Glibc

/// The host's monotonic clock (`CLOCK_MONOTONIC`): never set back, not counting suspended time.
package enum MonotonicClock {
    /// The instant of the call. Any thread; about 20 ns, no system call on common hardware.
    package static var now: MonotonicInstant {
        var time = timespec()
        // Safe: the pointer is to a local value and is used only during the call.
        let result = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        precondition(result == 0, "CLOCK_MONOTONIC exists on every Linux")
        // Both parts are never negative on this clock, and 584 years fit.
        return MonotonicInstant(
            nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }
}
