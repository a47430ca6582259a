import OrderedCollections
import WireMessages
import WireProtocol

/// An order that came before any supervisor could take it.
struct EarlyOrder {
    let client: PeerID
    let header: Header
    let admin: WireAdmin
}

/// Brokers, workers and supervisors start together, and a worker may have joined, so that the cluster
/// answers queries, before its supervisor's next try to connect. An order of these moments is held until
/// the supervisor that would carry it out has said what it runs; else it would be refused for want of a
/// supervisor, or drain a worker whose supervisor, not told of it, starts it again.
extension Broker {
    /// How long after its start a broker waits for supervisors: four tries to connect, the waits between
    /// which double from 100 ms, take 1.5 s. One that has missed a broker for long may come later.
    private static let supervisorPatience = Duration.seconds(2)
    /// One more is refused with BUSY.
    private static let maxEarlyOrders = 16

    /// Holds an order that a supervisor should carry out, if that may join in a moment.
    ///
    /// - Returns: false if the order is to be carried out now.
    mutating func hold(
        _ admin: WireAdmin, _ header: Header, from client: PeerID, _ now: MonotonicInstant
    ) throws(ItemFailure) -> Bool {
        guard awaitsSupervisor(admin, now) else { return false }
        guard earlyOrders.count < Self.maxEarlyOrders else {
            throw ItemFailure(
                .busy, "\(earlyOrders.count) changes wait for a supervisor to join; try later")
        }
        earlyOrders.append(EarlyOrder(client: client, header: header, admin: admin))
        return true
    }

    /// Carries out what was held, once its supervisor has reported or the time for it is over; what must
    /// still wait is held again.
    mutating func takeUpEarlyOrders(_ now: MonotonicInstant) {
        let held = earlyOrders
        earlyOrders = []
        for order in held { administer(order.admin, order.header, from: order.client, now) }
    }

    /// Whether an order should wait for the supervisor of the host or of the node that it names.
    private func awaitsSupervisor(_ admin: WireAdmin, _ now: MonotonicInstant) -> Bool {
        guard startedAt.duration(to: now) < Self.supervisorPatience else { return false }
        let hosts = supervisors.values.filter { $0.report != nil }.map(\.host)
        switch admin.verb {
        case .add(let added):
            return added.nodes.contains {
                $0.host.isEmpty ? hosts.isEmpty : !hosts.contains($0.host)
            }
        case .remove(let node), .drain(let node), .start(let node):
            guard supervisor(of: node.name) == nil else { return false }
            // Of a worker that no supervisor of its host runs nobody else will report.
            return host(of: node.name).map { !hosts.contains($0) } ?? true
        case .stop(let stop):
            return stop.host.isEmpty ? hosts.isEmpty : !hosts.contains(stop.host)
        case .configure, .node, nil: return false
        }
    }

    /// Where a worker of that name runs or ran; nil if none has joined.
    private func host(of node: String) -> String? {
        records[node]?.lastSession.flatMap { workers[$0]?.host }
    }
}
