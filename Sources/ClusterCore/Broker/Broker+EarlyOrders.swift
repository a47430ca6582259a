import WireMessages
import WireProtocol

/// An order that came before any supervisor could take it.
struct EarlyOrder {
    let client: PeerID
    let header: Header
    let admin: WireAdmin
}

/// Brokers, workers and supervisors start together, and a worker may have joined, so that the cluster
/// answers queries, before the supervisor's next try to connect. An order of these moments is held
/// until a supervisor has said what it runs; else it would be refused for want of a supervisor, or
/// drain a worker whose supervisor, not told of it, starts it again.
extension Broker {
    /// How long after its start a broker waits for its first supervisor: four tries to connect, the
    /// waits between which double from 100 ms, take 1.5 s.
    private static let supervisorPatience = Duration.seconds(2)
    /// One more is refused with BUSY.
    private static let maxEarlyOrders = 16

    /// Holds an order that a supervisor should carry out, if that may join in a moment.
    ///
    /// - Returns: false if the order is to be carried out now.
    mutating func hold(
        _ admin: WireAdmin, _ header: Header, from client: PeerID, _ now: MonotonicInstant
    ) throws(ItemFailure) -> Bool {
        guard isForSupervisors(admin), awaitsSupervisor(now) else { return false }
        guard earlyOrders.count < Self.maxEarlyOrders else {
            throw ItemFailure(
                .busy, "\(earlyOrders.count) changes wait for a supervisor to join; try later")
        }
        earlyOrders.append(EarlyOrder(client: client, header: header, admin: admin))
        return true
    }

    /// Carries out what was held, once a supervisor has reported or the time for it is over. What
    /// nobody waits for any more is dropped.
    mutating func takeUpEarlyOrders(_ now: MonotonicInstant) {
        guard !earlyOrders.isEmpty, !awaitsSupervisor(now) else { return }
        let held = earlyOrders
        earlyOrders = []
        for order in held where peers[order.client] != nil {
            administer(order.admin, order.header, from: order.client, now)
        }
    }

    private func awaitsSupervisor(_ now: MonotonicInstant) -> Bool {
        startedAt.duration(to: now) < Self.supervisorPatience
            && !supervisors.values.contains { $0.report != nil }
    }

    private func isForSupervisors(_ admin: WireAdmin) -> Bool {
        switch admin.verb {
        case .add, .remove, .drain, .start: true
        case .configure, .node, nil: false
        }
    }
}
