import TestSupport
import WireProtocol

@testable import ClusterCore

/// The supervisor of all workers of a simulation, with a link to every broker.
final class SimulatedSupervisor: SimulatedNode {
    var machine: Supervisor
    var random: SeededRandom
    var links: [SimulatedSupervisorLink]
    /// What its host will tell it, ascending by instant.
    private(set) var inbox: [(at: MonotonicInstant, event: SupervisorEvent)] = []
    /// When each child's process ended last, by the supervisor's clock.
    var endedAt: [ChildName: MonotonicInstant] = [:]
    /// Restarts after back-off so far.
    var restarts = 0
    var lastProcess: Int32 = 100

    init(
        workers: [ChildName], policy: RestartPolicy, brokerCount: Int, random: SeededRandom,
        now: MonotonicInstant
    ) {
        machine = Supervisor(children: workers.map(Self.specification), policy: policy)
        self.random = random
        links = (0..<brokerCount).map { SimulatedSupervisorLink(broker: $0, now: now) }
        super.init(name: SimulatedSupervisorLink.name)
        post(.start, at: now)
    }

    /// Its process has ended with all its children, and another one begins anew.
    func startAgain(at instant: MonotonicInstant) {
        let names = machine.report.children.map(\.name)
        machine = Supervisor(children: names.map(Self.specification), policy: machine.policy)
        post(.start, at: instant)
    }

    static func specification(_ name: ChildName) -> ChildSpecification {
        ChildSpecification(name: name, kind: .worker, arguments: [])
    }

    /// Its host tells it something at an instant.
    func post(_ event: SupervisorEvent, at instant: MonotonicInstant) {
        let place = inbox.lastIndex { $0.at <= instant }.map { $0 + 1 } ?? 0
        inbox.insert((instant, event), at: place)
    }

    func takeDue(at now: MonotonicInstant) -> [SupervisorEvent] {
        let due = inbox.prefix { $0.at <= now }
        inbox.removeFirst(due.count)
        return due.map(\.event)
    }

    /// When it has something to do, if nothing keeps it from it.
    var nextInstant: MonotonicInstant {
        links.reduce(min(wakesAt, inbox.first?.at ?? .distantFuture)) {
            min($0, $1.socket.nextArrival)
        }
    }
}

/// A supervisor's session at one broker, kept as `SupervisorLink` of the runtime keeps it.
struct SimulatedSupervisorLink {
    static let name = "s0"
    let socket: SimulatedSocket
    var connection: BrokerConnection
    private var latest: SupervisorReport?
    private var owesReport = false
    private var outbox: [[Frame]] = []
    private var orders: [(id: UInt64, order: WireAdmin)] = []

    init(broker: Int, now: MonotonicInstant) {
        socket = SimulatedSocket(link: .worker, owner: Self.name, broker: broker)
        connection = BrokerConnection(now: now)
    }

    mutating func receive(_ frames: [Frame], at now: MonotonicInstant) {
        guard let message = try? WireMessage.decode(frames) else { return }
        connection.heard(at: now)
        switch message.header.command {
        case .welcome:
            guard let welcome: WireWelcome = try? message.meta() else { return }
            connection.welcomed(epoch: welcome.epoch, pingMilliseconds: welcome.pingMs)
            owesReport = true
        case .unknownPeer: connection.forgotten(at: now)
        case .admin where message.header.epoch == connection.epoch:
            if let admin: WireAdmin = try? message.meta() {
                orders.append((message.header.id, admin))
            }
        case .failed: connection.refused(at: now, random: 0.5)
        default: break
        }
    }

    mutating func takeOrders() -> [(id: UInt64, order: WireAdmin)] {
        defer { orders = [] }
        return orders
    }

    /// Answers an order: nil for done, else why not.
    mutating func answer(_ id: UInt64, problem: String?) {
        guard let problem else { return append(.adminReply, WireAdminReply(), id: id) }
        var failed = WireFailed()
        failed.code = .badRequest
        failed.message = problem
        append(.failed, failed, id: id)
    }

    mutating func report(_ report: SupervisorReport) {
        latest = report
        owesReport = true
    }

    mutating func blocked(at now: MonotonicInstant) {
        connection.blocked(at: now)
        outbox = []
    }

    /// Does what is due; true if the socket must be replaced.
    mutating func step(
        at now: MonotonicInstant, using generator: inout some RandomNumberGenerator
    ) -> Bool {
        switch connection.step(at: now, using: &generator) {
        case .reconnect: return true
        case .sendHello:
            var hello = WireHello()
            hello.role = .supervisor
            hello.name = Self.name
            hello.host = "h"
            append(.hello, hello)
        case .sendPing: append(.ping, WirePing())
        case nil: break
        }
        return false
    }

    /// What is to be sent now, in order.
    mutating func takeMessages(at now: MonotonicInstant) -> [[Frame]] {
        if owesReport, connection.isJoined, let latest {
            owesReport = false
            append(.event, latest.wire(supervisor: Self.name, host: "h"))
        }
        defer { outbox = [] }
        if !outbox.isEmpty { connection.sent(at: now) }
        return outbox
    }

    private mutating func append(_ command: Command, _ meta: some WireBody, id: UInt64 = 0) {
        let header = Header(command, id: id, epoch: connection.epoch)
        let message = WireMessage(header, frames: [header.codec.encodeOwn(meta)])
        outbox.append(message.encoded())
    }
}
