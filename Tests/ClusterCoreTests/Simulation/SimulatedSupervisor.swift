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

/// A supervisor's session at one broker, and its socket.
struct SimulatedSupervisorLink {
    static let name = "s0"
    let socket: SimulatedSocket
    var node: SupervisorNode

    init(broker: Int, now: MonotonicInstant) {
        socket = SimulatedSocket(link: .worker, owner: Self.name, broker: broker)
        node = SupervisorNode(name: Self.name, host: "h", incarnation: 1, pid: 1, now: now)
    }
}
