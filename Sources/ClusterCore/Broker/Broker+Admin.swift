import OrderedCollections
import WireMessages
import WireProtocol

/// ADMIN: what operators change while the broker runs. Every broker is told by itself.
extension Broker {
    mutating func administer(
        _ message: WireMessage, _ peer: PeerID, _ now: MonotonicInstant
    ) throws(WireError) {
        administer(try message.meta(), message.header, from: peer, now)
    }

    mutating func administer(
        _ admin: WireAdmin, _ header: Header, from peer: PeerID, _ now: MonotonicInstant
    ) {
        do throws(ItemFailure) {
            guard try !hold(admin, header, from: peer, now) else { return }
            switch admin.verb {
            case .add(let nodes): return try order(additions(nodes), for: peer, header, now)
            case .remove(let node): return try remove(node, for: peer, header, now)
            case .drain(let node): return try drain(node, for: peer, header, now)
            case .start(let node): return try order([start(node)], for: peer, header, now)
            case .stop(let stop):
                return try order(stops(stop), of: "supervisor", for: peer, header, now)
            case .configure(let change):
                try configuration.apply(change)
                if change.hasHealthCheckMs { tellWorkers() }
                announce(.configured, .info, "configured: \(configuration)", now)
            case .node(let change):
                try set(change, now)
            case nil:
                throw ItemFailure(
                    .badRequest,
                    "ADMIN without a verb that is known; expected configure, node, add, remove, "
                        + "drain, start or stop")
            }
        } catch {
            return refuse(peer, header.answer(.failed), error)
        }
        confirm(header, to: peer)
    }

    /// Says that a change is in force, with all settings.
    mutating func confirm(_ header: Header, to peer: PeerID) {
        var reply = WireAdminReply()
        reply.settings = configuration.wire
        send(header.answer(.adminReply), reply, to: peer)
    }

    /// Tells every worker how often it is to check itself, with a PONG that none has asked for: one that
    /// always has something to say sends no PING.
    private mutating func tellWorkers() {
        for worker in workers.values {
            worker.pace = workerPace
            send(Header(.pong, epoch: settings.epoch), pongToWorkers, to: worker.peer)
        }
    }

    /// Changes how a worker is used; remembered with its name, so that it holds for its next process
    /// too.
    private mutating func set(_ change: WireSetNode, _ now: MonotonicInstant) throws(ItemFailure) {
        let session = try known(change.name)
        guard !change.hasWeight || change.weight == 0 || NodeWeight.range.contains(change.weight)
        else {
            throw ItemFailure(
                .badRequest, "node: weight \(change.weight); expected \(NodeWeight.expected)")
        }
        record(change.name) {
            if change.hasActive { $0.isInactive = !change.active }
            if change.hasWeight { $0.weight = change.weight == 0 ? nil : change.weight }
        }
        guard let record = records[change.name] else { return }
        let use = record.isInactive ? "inactive" : "active"
        let weight = record.weight.map { "the weight \($0)" } ?? "its own weight"
        announce(
            .nodeChanged, node: change.name, .info,
            "worker '\(change.name)' is \(use), with \(weight)",
            now)
        guard let worker = session else { return }
        worker.standing.weight = record.weight ?? worker.announcedWeight
        guard worker.standing.isActive == record.isInactive else { return }
        worker.standing.isActive = !record.isInactive
        guard worker.standing.isActive else { return noteUnserved(worker, now) }
        worker.startSoftly()
        served(by: worker)
    }
}
