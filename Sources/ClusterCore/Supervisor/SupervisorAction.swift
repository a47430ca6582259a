/// What a supervisor wants done, in the order of the list it comes in.
package enum SupervisorAction: Hashable, Sendable {
    /// Start a process for the child, and answer with `spawned` or `spawnFailed`.
    /// `attempt` is 0 for the first start and one more for every restart.
    case spawn(ChildName, attempt: Int)

    /// Send a signal to the process, if it is still there.
    case signal(ProcessID, ChildSignal)

    /// Tell the brokers the new state of all children; at most once per event, and at once.
    case report(SupervisorReport)

    /// Write a line to the supervisor's log.
    case notice(SupervisorNotice)

    /// Every child is at rest and nothing will follow: end the supervisor. Comes once, last.
    case finished(SupervisorEnd)
}

/// A request to a process.
package enum ChildSignal: Hashable, Sendable {
    /// Finish what was accepted, take nothing new, then end: SIGTERM.
    case drain

    /// End now: SIGKILL.
    case kill
}

/// Why a supervisor ended.
package enum SupervisorEnd: Hashable, Sendable {
    /// It was asked to, and every process is gone.
    case stopped

    /// Every child was given up, so nothing was left to watch.
    case everyChildGivenUp
}
