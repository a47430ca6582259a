import SearchIndex
import TestSupport
import WireProtocol

@testable import ClusterCore

/// What every node of a simulation has.
class SimulatedNode {
    let name: String
    /// Until then it does nothing; messages wait.
    var pausedUntil = MonotonicInstant(nanoseconds: 0)
    /// How far its clock is ahead; only grows, as a monotonic clock never goes back.
    var clockOffset = Duration.zero
    /// When its machine needs a turn at the latest, whatever arrives.
    var wakesAt = MonotonicInstant(nanoseconds: 0)
    /// When it has its next turn, as far as is known at the beginning of a step.
    var dueAt = MonotonicInstant(nanoseconds: 0)

    init(name: String) {
        self.name = name
    }

    /// An instant of the simulation on the node's own clock.
    func local(_ instant: MonotonicInstant) -> MonotonicInstant { instant + clockOffset }

    /// An instant of the node's clock in the simulation.
    func global(_ instant: MonotonicInstant) -> MonotonicInstant {
        instant == .distantFuture ? instant : instant - clockOffset
    }
}

final class SimulatedBroker: SimulatedNode {
    var machine: Broker
    private(set) var audit: WireAudit
    private var settings: BrokerSettings
    private let patience: Duration?
    /// Answers in several messages, before the last restart.
    private(set) var answersInPieces = 0
    /// Before then nobody can connect to it: its process is being started.
    private(set) var opensAt = MonotonicInstant(nanoseconds: 0)
    /// Reports of workers' health that are under way.
    let reports = SimulatedLane()
    /// The most items it held at once.
    var mostItems = 0

    /// - Parameter patience: how long workers may take to answer what is cancelled.
    init(settings: BrokerSettings, patience: Duration?, now: MonotonicInstant) {
        self.settings = settings
        self.patience = patience
        machine = Broker(settings: settings, now: now)
        audit = WireAudit(epoch: settings.epoch)
        audit.patience = patience
        super.init(name: settings.name)
    }

    func restart(epoch: UInt64, at instant: MonotonicInstant) {
        answersInPieces += audit.answersInPieces
        settings.epoch = epoch
        opensAt = instant
        machine = Broker(settings: settings, now: local(instant))
        audit = WireAudit(epoch: epoch)
        audit.patience = patience
        mostItems = 0
        reports.clear()
        wakesAt = instant
    }

    /// Hands it a message; what it then wants to do.
    func receive(_ frames: [Frame], from peer: PeerID, at now: MonotonicInstant) -> [BrokerAction] {
        audit.received(frames, from: peer)
        machine.receive(frames, from: peer, at: local(now))
        return takeActions(now)
    }

    func receiveHealth(_ frames: [Frame], at now: MonotonicInstant) {
        audit.receivedHealth(frames, at: local(now))
        machine.receiveHealth(frames, at: local(now))
    }

    func endTurn(at now: MonotonicInstant) -> [BrokerAction] {
        machine.endTurn(at: local(now))
        audit.checkCancellations(at: local(now))
        return takeActions(now)
    }

    /// What it did with its windows since the last call that it must not do.
    func takeViolations() -> [String] { audit.takeViolations() }

    private func takeActions(_ now: MonotonicInstant) -> [BrokerAction] {
        let actions = machine.takeActions()
        for action in actions {
            if case .send(let frames, let peer) = action {
                audit.sent(frames, to: peer, at: local(now))
            }
        }
        return actions
    }
}

final class SimulatedWorker: SimulatedNode {
    struct Running {
        let job: WorkerJob
        let startedAt: MonotonicInstant
        var endsAt: MonotonicInstant
        var isCancelled = false
    }

    /// Nil while the process is down, or about to start.
    var machine: WorkerNode?
    /// Whether it has a process, or will have one by itself.
    var isRunning = true
    var settings: WorkerSettings
    var sockets: [SimulatedSocket]
    var running: [Running] = []
    /// Until then its jobs take `slowness` times as long.
    var slowUntil = MonotonicInstant(nanoseconds: 0)
    var slowness = 1

    /// When the check of its shards that is under way ends.
    var probeEndsAt: MonotonicInstant?
    /// What checks find until then.
    var ailment: Ailment?

    /// Something wrong with a worker's shards, or around them.
    struct Ailment {
        /// Whether its shards cannot be searched; else they are slow.
        let isGrave: Bool
        let until: MonotonicInstant
    }

    /// What a check that ends now finds.
    func findings(at now: MonotonicInstant) -> ProbeFindings {
        var findings = ProbeFindings()
        guard let ailment, ailment.until > now else { return findings }
        if ailment.isGrave { findings.failures = ["its shards are gone"] }
        findings.duration = .seconds(60)
        return findings
    }

    init(settings: WorkerSettings) {
        self.settings = settings
        sockets = (0..<settings.brokerCount).map {
            SimulatedSocket(link: .worker, owner: settings.name, broker: $0)
        }
        super.init(name: settings.name)
    }
}

final class SimulatedClient: SimulatedNode {
    struct Asked {
        /// Empty for all.
        let indexes: [String]
        let text: String
        let limit: Int
        let offset: Int
        let wantsDocuments: Bool
        /// The least coverage of a partial answer; nil when it must be whole.
        let minimumCoverage: Double?
        /// How hits of shards become one list.
        let merge: MergeStrategy
        /// Whether an answer that lacks nothing names its shards all the same.
        let wantsLedger: Bool
        /// Whether the batch is answered in the order of its items.
        let isInOrder: Bool
        /// Asked after all faults.
        let isProbe: Bool
        var answers: [Result<ItemAnswer, ItemFailure>] = []
        /// When its client first asked to end it.
        var cancelledAt: MonotonicInstant?
        var answeredAt: MonotonicInstant?
    }

    /// Work that its user gives up.
    struct Cancellation {
        let at: MonotonicInstant
        let ticket: UInt64
        /// Nil for the whole batch.
        let item: Int?
    }

    /// How it went away.
    enum Departure {
        /// With GOODBYE.
        case left
        /// Without a word; what becomes of its items nobody knows.
        case vanished
    }

    var machine: ClientCore
    let socket: SimulatedSocket
    var batches: [UInt64: [Asked]] = [:]
    /// By instant.
    var planned: [(at: MonotonicInstant, batch: [Asked], budget: Duration)] = []
    var done: Set<UInt64> = []
    /// The items of each batch in the order of their answers.
    var answerOrder: [UInt64: [Int]] = [:]
    /// Requests to the broker itself, by instant.
    var plannedRequests: [(at: MonotonicInstant, request: BrokerRequest)] = []
    /// By instant.
    var plannedCancellations: [Cancellation] = []
    /// How often each of these was answered, by ticket.
    var replies: [UInt64: Int] = [:]
    var departure: Departure?

    init(name: String, machine: ClientCore) {
        self.machine = machine
        socket = SimulatedSocket(link: .client, owner: name, broker: machine.currentBroker)
        super.init(name: name)
    }

    /// Does nothing more by itself.
    func dropPlans() {
        planned = []
        plannedRequests = []
        plannedCancellations = []
    }

    var nextPlan: MonotonicInstant {
        [planned.first?.at, plannedRequests.first?.at, plannedCancellations.first?.at]
            .compactMap(\.self).min() ?? .distantFuture
    }

    /// Whether it waits for nothing and has nothing more to ask.
    var isDone: Bool {
        departure != nil
            || nextPlan == .distantFuture && machine.batches.isEmpty
                && machine.brokerRequests.isEmpty
    }
}
