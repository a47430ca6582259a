import WireProtocol

@testable import ClusterCore

/// What a connection does to packets for a while that no real one does.
struct Disorder {
    /// Until then packets may come twice or out of order.
    var until = MonotonicInstant(nanoseconds: 0)
    /// Whether packets may also be lost.
    var losesPackets = false
}

/// One direction of a connection: packets under way, and what disturbs them.
final class SimulatedLane {
    struct Packet {
        let at: MonotonicInstant
        let frames: [Frame]
    }

    /// Ascending by arrival.
    private(set) var packets: [Packet] = []
    /// Until then nothing arrives: it waits, as TCP's packets do in a partition.
    private(set) var heldUntil = MonotonicInstant(nanoseconds: 0)
    /// How it breaks the promises of a transport.
    var disorder = Disorder()
    /// When the last packet arrives that keeps the order.
    private var inOrderAt = MonotonicInstant(nanoseconds: 0)

    /// When the next packet can be read.
    var nextArrival: MonotonicInstant? { packets.first.map { max($0.at, heldUntil) } }

    /// Takes what has arrived by `now`, in order of arrival.
    func takeDue(at now: MonotonicInstant) -> [[Frame]] {
        guard heldUntil <= now, !packets.isEmpty else { return [] }
        let due = packets.prefix { $0.at <= now }
        packets.removeFirst(due.count)
        return due.map(\.frames)
    }

    /// Adds a packet behind those that keep the order.
    func append(_ frames: [Frame], at instant: MonotonicInstant) {
        inOrderAt = max(instant, inOrderAt)
        insert(frames, at: inOrderAt)
    }

    /// Adds a packet that arrives when it does, whatever was sent before it.
    func insert(_ frames: [Frame], at instant: MonotonicInstant) {
        let place = packets.lastIndex { $0.at <= instant }.map { $0 + 1 } ?? 0
        packets.insert(Packet(at: instant, frames: frames), at: place)
    }

    func hold(until instant: MonotonicInstant) { heldUntil = max(heldUntil, instant) }

    func clear() { packets = [] }
}

/// One connection between a peer's socket and a broker.
final class SimulatedConnection {
    let broker: Int
    let peer: PeerID
    /// The node whose socket made it.
    let owner: String
    private(set) var isUp = true
    /// When it ends by itself: its peer has closed it, or a packet of it was lost.
    private(set) var endsAt = MonotonicInstant.distantFuture
    /// The broker has found out that it ends, though it has not read everything that came over it.
    var refusesSends = false
    /// Whether its end is near.
    var isEnding: Bool { endsAt != .distantFuture }
    let toBroker = SimulatedLane()
    let toPeer = SimulatedLane()

    init(broker: Int, peer: PeerID, owner: String) {
        self.broker = broker
        self.peer = peer
        self.owner = owner
    }

    /// Everything under way is lost, and the next message over it fails.
    func drop() {
        isUp = false
        toBroker.clear()
        toPeer.clear()
    }

    /// It will end by an instant.
    func end(by instant: MonotonicInstant) { endsAt = min(endsAt, instant) }

    /// From now on both directions are in this disorder.
    func begin(_ disorder: Disorder) {
        toBroker.disorder = disorder
        toPeer.disorder = disorder
    }

    /// A lane as the trace names it.
    func name(of lane: SimulatedLane) -> String {
        lane === toBroker ? "\(owner) → b\(broker)" : "b\(broker) → \(owner)"
    }
}

/// A peer's DEALER: it connects again by itself, to the same broker.
final class SimulatedSocket {
    let link: Link
    let owner: String
    var broker: Int
    var connection: SimulatedConnection?
    var connectsAt = MonotonicInstant(nanoseconds: 0)
    /// Of all connections it makes.
    var disorder = Disorder()

    init(link: Link, owner: String, broker: Int) {
        self.link = link
        self.owner = owner
        self.broker = broker
    }

    var nextArrival: MonotonicInstant { connection?.toPeer.nextArrival ?? .distantFuture }

    /// Closes the connection at once. A broker that nothing reaches does not learn of it until the
    /// partition is over; then it may still read what was under way.
    func disconnect(at now: MonotonicInstant, linger: Duration) {
        guard let connection else { return }
        let heldUntil = connection.toBroker.heldUntil
        if heldUntil > now || linger > .zero {
            connection.end(by: max(now, heldUntil) + linger)
        } else {
            connection.drop()
        }
        self.connection = nil
    }
}

/// Two sides between which nothing, or only one direction, gets through.
struct SimulatedPartition {
    let node: String
    /// Nil for all brokers.
    let broker: Int?
    let until: MonotonicInstant

    func separates(_ node: String, from broker: Int, at now: MonotonicInstant) -> Bool {
        self.node == node && (self.broker ?? broker) == broker && until > now
    }
}
