package import WireMessages

extension SupervisorReport {
    /// The form on the wire.
    package func wire(supervisor: String, host: String) -> WireSupervisorReport {
        var body = WireSupervisorReport()
        body.supervisor = supervisor
        body.host = host
        body.children = children.map(\.wire)
        body.removed = removed.map(\.wire)
        return body
    }
}

extension ChildReport {
    fileprivate var wire: WireChildReport {
        var report = WireChildReport()
        report.name = name.text
        report.state = state.wire
        report.pid = process.map { UInt32($0.rawValue) } ?? 0
        report.restarts = UInt32(clamping: restarts)
        report.lastExit = lastExit?.reason ?? ""
        report.lastExitPid = lastExit?.process.map { UInt32($0.rawValue) } ?? 0
        report.lastExitOrderly = lastExit?.isOrderly == true
        return report
    }
}

extension ChildState {
    fileprivate var wire: WireChildState {
        switch self {
        case .starting: .childStarting
        case .ready: .childReady
        case .backingOff: .childBackingOff
        case .stopping: .childStopping
        case .stopped: .childStopped
        case .givenUp: .childGivenUp
        }
    }
}

extension WireChildState {
    /// For people.
    package var words: String {
        switch self {
        case .unspecified, .UNRECOGNIZED: "unknown"
        case .childStarting: "starting"
        case .childReady: "ready"
        case .childBackingOff: "backing off"
        case .childStopping: "stopping"
        case .childStopped: "stopped"
        case .childGivenUp: "given up"
        }
    }
}
