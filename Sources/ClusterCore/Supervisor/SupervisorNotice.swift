/// Something worth a line in the supervisor's log.
package enum SupervisorNotice: Hashable, Sendable, CustomStringConvertible {
    /// The child ended and is started again after `wait`.
    case restarting(ChildName, LastExit, wait: Duration)

    /// The child ended once too often and is left down.
    case givenUp(ChildName, LastExit, restarts: Int, period: Duration)

    /// The child was not ready in time and is killed.
    case startTimedOut(ChildName, ProcessID, limit: Duration)

    /// The child does no work any more and is drained, then killed.
    case unresponsive(ChildName, ProcessID, reason: String)

    /// The child did not end within its grace time and is killed.
    case graceOver(ChildName, ProcessID, grace: Duration)

    /// The line for the log.
    package var description: String {
        switch self {
        case .restarting(let child, let exit, let wait):
            return "\(child)\(Self.process(exit.process)) \(exit.reason); next start in \(wait)"
        case .givenUp(let child, let exit, let restarts, let period):
            return "\(child)\(Self.process(exit.process)) \(exit.reason); given up, as it was "
                + "started again \(restarts) times within \(period). Look at its log, then "
                + "restart the supervisor"
        case .startTimedOut(let child, let process, let limit):
            return "\(child)\(Self.process(process)) was not ready within \(limit); killed"
        case .unresponsive(let child, let process, let reason):
            return "\(child)\(Self.process(process)) is unresponsive (\(reason)); drained"
        case .graceOver(let child, let process, let grace):
            return "\(child)\(Self.process(process)) did not end within \(grace); killed"
        }
    }

    private static func process(_ process: ProcessID?) -> String {
        process.map { " (process \($0))" } ?? ""
    }
}
