/// The past of one child, as far as it decides its restarts. At most `limit` instants are kept.
package struct RestartHistory: Hashable, Sendable {
    /// Failures since the child was last stable, the latest included.
    package private(set) var failuresInARow = 0

    /// Whether the first of those failures ended a stable time.
    package private(set) var wasStable = false

    /// The instants of the latest restarts, oldest first.
    package private(set) var restarts: [MonotonicInstant] = []

    /// A child that never failed.
    package init() {}

    /// Notes a failure of a process that had been ready for `readyTime`; zero when it never was.
    package mutating func recordFailure(readyFor readyTime: Duration, policy: RestartPolicy) {
        if readyTime >= policy.stableAfter {
            failuresInARow = 0
            wasStable = true
        }
        failuresInARow += 1
    }

    /// Notes that the child was started again at `instant`, no earlier than any restart before.
    package mutating func recordRestart(at instant: MonotonicInstant, policy: RestartPolicy) {
        restarts.append(instant)
        if restarts.count > policy.limit {
            restarts.removeFirst(restarts.count - policy.limit)
        }
    }
}
