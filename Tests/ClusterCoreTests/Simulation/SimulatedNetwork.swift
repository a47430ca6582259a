import TestSupport
import WireProtocol

@testable import ClusterCore

/// One connection between a peer's socket and a broker: two ordered queues with delays.
final class SimulatedConnection {
    struct Packet {
        let at: MonotonicInstant
        let frames: [Frame]
    }

    let broker: Int
    let peer: PeerID
    var isUp = true
    var toBroker: [Packet] = []
    var toPeer: [Packet] = []

    init(broker: Int, peer: PeerID) {
        self.broker = broker
        self.peer = peer
    }

    /// Everything under way is lost, and the next message over it fails.
    func drop() {
        isUp = false
        toBroker = []
        toPeer = []
    }

    /// Takes what has arrived by `now`, in order.
    static func takeDue(_ queue: inout [Packet], at now: MonotonicInstant) -> [[Frame]] {
        let due = queue.prefix { $0.at <= now }
        queue.removeFirst(due.count)
        return due.map(\.frames)
    }

    static func add(_ frames: [Frame], to queue: inout [Packet], at instant: MonotonicInstant) {
        queue.append(Packet(at: max(instant, queue.last?.at ?? instant), frames: frames))
    }
}

/// A peer's DEALER: it connects again by itself, to the same broker.
final class SimulatedSocket {
    let link: Link
    var broker: Int
    var connection: SimulatedConnection?
    var connectsAt = MonotonicInstant(nanoseconds: 0)

    init(link: Link, broker: Int) {
        self.link = link
        self.broker = broker
    }
}

/// What every node of a simulation has.
class SimulatedNode {
    let name: String
    /// Until then it does nothing; messages wait.
    var pausedUntil = MonotonicInstant(nanoseconds: 0)

    init(name: String) {
        self.name = name
    }
}

final class SimulatedBroker: SimulatedNode {
    var machine: Broker

    init(name: String, epoch: UInt64, now: MonotonicInstant) {
        machine = Broker(settings: BrokerSettings(name: name, epoch: epoch), now: now)
        super.init(name: name)
    }

    func restart(epoch: UInt64, now: MonotonicInstant) {
        machine = Broker(settings: BrokerSettings(name: name, epoch: epoch), now: now)
    }
}

final class SimulatedWorker: SimulatedNode {
    struct Running {
        let job: WorkerJob
        let startedAt: MonotonicInstant
        var endsAt: MonotonicInstant
        var isCancelled = false
    }

    /// Nil while the process is down.
    var machine: WorkerNode?
    var settings: WorkerSettings
    var sockets: [SimulatedSocket]
    var running: [Running] = []
    var restartsAt: MonotonicInstant?

    init(settings: WorkerSettings) {
        self.settings = settings
        sockets = (0..<settings.brokerCount).map { SimulatedSocket(link: .worker, broker: $0) }
        super.init(name: settings.name)
    }
}

final class SimulatedClient: SimulatedNode {
    struct Asked {
        let text: String
        let limit: Int
        let offset: Int
        let wantsDocuments: Bool
        /// The least coverage of a partial answer; nil when it must be whole.
        let minimumCoverage: Double?
        let at: MonotonicInstant
        var answers: [Result<ItemAnswer, ItemFailure>] = []
    }

    var machine: ClientCore
    let socket: SimulatedSocket
    var batches: [UInt64: [Asked]] = [:]
    var planned: [(at: MonotonicInstant, batch: [Asked], budget: Duration)] = []
    var done: Set<UInt64> = []

    init(name: String, machine: ClientCore) {
        self.machine = machine
        socket = SimulatedSocket(link: .client, broker: machine.currentBroker)
        super.init(name: name)
    }
}
