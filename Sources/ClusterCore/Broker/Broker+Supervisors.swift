import OrderedCollections
import WireMessages
import WireProtocol

/// What the broker knows of one connected supervisor.
struct SupervisorSession {
    let name: String
    let host: String
    var lastHeard: MonotonicInstant
    /// Its last report; replaced whole by the next one; nil until the first.
    var report: WireSupervisorReport?
}

/// A supervisor tells at once which child has ended, which no silence would show as fast.
extension Broker {
    mutating func addSupervisor(_ hello: WireHello, _ peer: PeerID, _ now: MonotonicInstant) {
        // The same one on a new connection: its old session has not been missed yet.
        for (other, session) in supervisors
        where session.name == hello.name && session.host == hello.host {
            endSession(of: other, why: "came back on a new connection", now)
        }
        supervisors[peer] = SupervisorSession(
            name: hello.name, host: hello.host, lastHeard: now)
        peers[peer] = .supervisor
    }

    mutating func handleSupervisor(
        _ message: WireMessage, _ peer: PeerID, _ now: MonotonicInstant
    ) throws(WireError) {
        switch message.header.command {
        case .ping:
            send(message.header.answer(.pong), WirePong(), to: peer)
        case .event:
            var report: WireSupervisorReport = try message.meta()
            report.children = Array(report.children.prefix(Supervisor.maxChildren))
            report.removed = Array(report.removed.suffix(Supervisor.maxRemoved))
            announceChildren(of: report, before: supervisors[peer]?.report, now)
            supervisors[peer]?.report = report
            takeUpEarlyOrders(now)
            // One that ended by itself says GOODBYE, before which may still come its last answers.
            for child in report.children + report.removed
            where child.lastExitPid != 0 && !child.lastExitOrderly {
                childExited(child, host: report.host, now)
            }
            for child in report.removed { childRemoved(child, host: report.host, now) }
        case .adminReply: answeredOrder(message.header.id, from: peer, refusal: nil, now)
        case .goodbye:
            supervisors[peer] = nil
            peers[peer] = nil
        default:
            refuse(
                peer, message.header.answer(.failed),
                ItemFailure(
                    .unsupported,
                    "\(message.header.command) is not a command that a supervisor sends"))
        }
    }

    /// Tells of the children that have another state or process than in the report before.
    private mutating func announceChildren(
        of report: WireSupervisorReport, before: WireSupervisorReport?, _ now: MonotonicInstant
    ) {
        let known = Dictionary(
            (before?.children ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for child in report.children {
            let old = known[child.name]
            guard old?.state != child.state || old?.pid != child.pid else { continue }
            let exit = child.lastExit.isEmpty ? "" : "; before: \(child.lastExit)"
            announce(
                .childChanged, node: child.name, .debug,
                "'\(child.name)' on \(report.host): \(child.state.words), process \(child.pid)\(exit)",
                now)
        }
    }

    /// A supervisor refuses an order. No other peer has a reason to send FAILED.
    mutating func receiveFailed(_ message: WireMessage, _ peer: PeerID, _ now: MonotonicInstant) {
        guard case .supervisor? = peers[peer], message.header.epoch == settings.epoch,
            let failed: WireFailed = try? message.meta()
        else {
            counters.malformedMessages += 1
            return
        }
        supervisors[peer]?.lastHeard = now
        answeredOrder(message.header.id, from: peer, refusal: failed.message, now)
    }

    /// An operator has had a worker removed, perhaps by another broker: it is forgotten once its session
    /// has ended. One that has joined since is another process.
    private mutating func childRemoved(
        _ child: WireChildReport, host: String, _ now: MonotonicInstant
    ) {
        guard let record = records[child.name] else { return }
        let session = record.lastSession.flatMap { workers[$0] }
        guard let process = session?.process ?? record.ended?.process,
            process.host == host, process.pid == child.lastExitPid, process.pid != 0
        else { return }
        forgetWhenGone(child.name, now)
    }

    /// The session of a process that has ended is lost, if it still stands.
    private mutating func childExited(
        _ child: WireChildReport, host: String, _ now: MonotonicInstant
    ) {
        let session = workers.values.first {
            $0.name == child.name && $0.host == host && $0.pid == child.lastExitPid
        }
        guard let session else { return }
        loseWorker(session.key, why: "ended: \(child.lastExit)", .died, now)
    }
}
