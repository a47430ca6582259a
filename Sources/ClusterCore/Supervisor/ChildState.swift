/// Where a supervised child stands.
///
/// Legal transitions, and what causes them:
/// ```
/// (start)     -> starting
/// starting    -> ready        its process said that it serves
/// starting    -> backingOff   it could not be started, died, or was killed for being late
/// starting    -> givenUp      the same, with no restart left
/// ready       -> backingOff   it died without being asked to
/// ready       -> givenUp      the same, with no restart left
/// ready       -> stopping     it was found unresponsive, or the supervisor stops
/// starting    -> stopping     the supervisor stops
/// backingOff  -> starting     the wait is over
/// backingOff  -> stopped      the supervisor stops, or an operator stopped it
/// stopping    -> stopped      its process ended, and the supervisor stops or an operator stopped it
/// stopped     -> starting     an operator started it again
/// stopping    -> backingOff   its process ended, and the supervisor goes on
/// stopping    -> givenUp      the same, with no restart left
/// starting, ready -> stopped  it died while the supervisor was stopping others first
/// ```
/// `stopped` and `givenUp` are final, orders of operators apart. `starting`, `ready` and `stopping` have a process, or are
/// about to get one; the other states have none.
package enum ChildState: Hashable, Sendable {
    /// A process is being started, or runs and has not said that it is ready.
    case starting

    /// The process serves.
    case ready

    /// No process; the next one is started at this instant.
    case backingOff(until: MonotonicInstant)

    /// The process was asked to end, and has not yet.
    case stopping

    /// No process, because the supervisor stops or an operator stopped it.
    case stopped

    /// No process, because too many restarts were needed; it stays so unless an operator starts it.
    case givenUp

    /// Whether nothing happens to the child any more by itself.
    package var isFinal: Bool { self == .stopped || self == .givenUp }
}
