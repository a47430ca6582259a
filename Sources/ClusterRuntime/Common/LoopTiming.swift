package import ClusterCore
package import ZeroMQ

extension LoopDirective {
    /// Wait until an instant, at most a second, so that a wrong instant cannot stall a loop.
    package static func wait(
        until deadline: MonotonicInstant, now: MonotonicInstant, busyPoll: BusyPoll? = nil
    ) -> LoopDirective {
        .wait(
            atMost: min(max(now.duration(to: deadline), .zero), .seconds(1)), busyPoll: busyPoll)
    }
}
