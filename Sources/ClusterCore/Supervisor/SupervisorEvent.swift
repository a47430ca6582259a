/// What happened to a supervisor from outside.
package enum SupervisorEvent: Hashable, Sendable {
    /// Start all children; once, first.
    case start

    /// A requested process runs. Comes before any other event of that process.
    case spawned(ChildName, ProcessID)

    /// A requested process could not be started.
    case spawnFailed(ChildName, reason: String)

    /// The process of the child said that it serves.
    case ready(ChildName, ProcessID)

    /// The process runs but does no work any more: its health is silent, or its progress stands
    /// still. It is drained, then killed after the grace time, and started again.
    case unresponsive(ChildName, ProcessID, reason: String)

    /// The process ended. Comes exactly once per process.
    case exited(ChildName, ProcessID, ExitStatus)

    /// Stop in order: drain the workers, then the brokers, killing what outlives its grace.
    case drainRequested

    /// Stop at once: kill every process.
    case killRequested

    /// An operator wants a change; ``Supervisor/problem(with:)`` was asked first.
    case order(SupervisorOrder)

    /// Nothing but the passing of time; due at the latest at ``Supervisor/nextDeadline``.
    case tick
}
