/// When a child that ended is started again: a pure function of its history and the instant.
///
/// The wait grows as 2^n from ``backoff`` to ``backoffMaximum`` and is then taken at random from
/// its upper half ("equal jitter", M. Brooker, "Exponential Backoff And Jitter", AWS Architecture
/// Blog 2015), so that children that died together do not come back together, while each wait
/// stays at least as long as the one before until the maximum is reached.
package struct RestartPolicy: Hashable, Sendable {
    /// The most restarts of one child in any ``period``; with one more, it is given up.
    package var limit = 5

    /// The length of the sliding window in which restarts are counted.
    package var period: Duration = .seconds(60)

    /// The longest wait before the first restart of a child that was not yet stable.
    package var backoff: Duration = .milliseconds(500)

    /// The longest wait before any restart.
    package var backoffMaximum: Duration = .seconds(30)

    /// The longest wait before the restart of a child that had been stable.
    ///
    /// One crash of a healthy process (the kernel's memory killer, `kill -9`) is the common case,
    /// and its shards lack a replica until it is back. 100 ms is well inside the 2 s for which a
    /// broker lets items of an unserved shard wait, and long enough that a fault which hits all
    /// children at once does not start them all in the same millisecond.
    package var quickBackoff: Duration = .milliseconds(100)

    /// A child that was ready for this long is stable: its failures are forgotten for the
    /// back-off, though its restarts still count against ``limit``.
    package var stableAfter: Duration = .seconds(10)

    /// How long a child may take from its start until it is ready; then it is killed.
    package var startTimeout: Duration = .seconds(30)

    /// How long a child may take to end after it was asked to; then it is killed.
    package var grace: Duration = .seconds(30)

    /// The default policy: 5 restarts in 60 s, waits from 0.5 s to 30 s.
    package init() {}

    /// What to do about a child that has just failed.
    ///
    /// - Parameters:
    ///   - history: its past, this failure included.
    ///   - now: the instant of the failure.
    ///   - fraction: a random number in 0..<1 that places the wait in its upper half.
    /// - Returns: the instant of the next start, or to give up when that start would be one too
    ///   many in the ``period`` that ends with it. O(``limit``).
    package func decision(
        after history: RestartHistory, at now: MonotonicInstant, fraction: Double
    ) -> RestartDecision {
        let restart = now + wait(after: history, fraction: fraction)
        let counted = history.restarts.count { $0.duration(to: restart) < period }
        return counted < limit ? .restart(at: restart) : .giveUp
    }

    /// The wait before the next start of a child with this history, without regard to the limit.
    package func wait(after history: RestartHistory, fraction: Double) -> Duration {
        let longest = longestWait(after: history)
        return longest / 2 + (longest / 2) * fraction
    }

    private func longestWait(after history: RestartHistory) -> Duration {
        if history.failuresInARow <= 1 && history.wasStable {
            return min(quickBackoff, backoff, backoffMaximum)
        }
        // A first failure that follows a stable time took the quick wait, so it is not a step.
        let steps = history.failuresInARow - (history.wasStable ? 2 : 1)
        var longest = min(backoff, backoffMaximum)
        // 64 doublings take any positive duration past the maximum.
        for _ in 0..<min(max(steps, 0), 64) where longest < backoffMaximum {
            longest = min(longest * 2, backoffMaximum)
        }
        return longest
    }
}

/// What a ``RestartPolicy`` decides about a failed child.
package enum RestartDecision: Hashable, Sendable {
    /// Start it again at this instant.
    case restart(at: MonotonicInstant)

    /// Leave it down.
    case giveUp
}
