import OrderedCollections
import SearchIndex
import WireMessages
package import WireProtocol

/// A worker as a pure state machine: messages, outcomes of jobs and instants in, actions out.
///
/// It joins every broker it was given, checks each task against what it serves, hands jobs to
/// the shell, which has search threads for them, and answers every task exactly once: hits, documents or a
/// reason. It owns no socket, clock or thread.
///
/// Use: any number of `receive` and `finished` calls, then `endTurn`, then `takeActions`, in one
/// thread. It holds at most `settings.maxTasks` tasks.
package struct WorkerNode {
    let settings: WorkerSettings
    let served: [ServedShardKey: Served]
    /// By index: those of the last CALL, as they came and as they were read.
    var knownStatistics: [String: (octets: Frame, statistics: CollectionStatistics)] = [:]
    var links: [Link]
    var jobs: [JobID: Job] = [:]
    var jobOfTask: [TaskKey: JobID] = [:]
    var replies: [BrokerLink: ReplyBuilder] = [:]
    var health: HealthReporter
    var check = HealthCheck()
    var actions: [WorkerAction] = []
    var lastJob: UInt64 = 0
    var noted: NotedTasks
    var isDraining = false
    var isFinished = false
    /// Mean service time of a search in seconds, exponentially weighted; nil before the first.
    var serviceSeconds: Double?
    var random: any RandomNumberGenerator & Sendable

    /// A shard's identity, for checking tasks.
    struct Served: Sendable {
        let buildID: String
        let generation: UInt64
        let statistics: CollectionStatistics
    }

    /// One broker.
    struct Link: Sendable {
        let id: BrokerLink
        var connection: BrokerConnection
        /// How often it wants the worker to check itself; nil if it has not said.
        var healthCheck: Duration?
        /// Tasks that overtook the WELCOME of their session: they wait for it, at most
        /// `WorkerSettings.maxTasks` messages.
        var early: [WireMessage] = []
    }

    /// A task in hand.
    struct Job: Sendable {
        let link: BrokerLink
        let epoch: UInt64
        let task: UInt64
        let isSearch: Bool
        let startedAt: MonotonicInstant
        /// When its broker gives it up.
        let deadline: MonotonicInstant
        let shard: ServedShardKey
        /// The trace that its item is part of.
        let trace: ItemTrace?
        /// Its broker has no interest in it any more; its outcome is not sent.
        var isDropped = false
    }

    struct TaskKey: Hashable, Sendable {
        let link: BrokerLink
        let epoch: UInt64
        let task: UInt64
    }

    /// A worker that has joined nobody yet.
    ///
    /// - Parameter random: for the jitter of reconnection; seeded in tests.
    package init(
        settings: WorkerSettings, now: MonotonicInstant,
        random: any RandomNumberGenerator & Sendable
    ) {
        self.settings = settings
        self.random = random
        served = Self.served(settings.indexes)
        health = HealthReporter(now: now)
        noted = NotedTasks(since: now)
        links = (0..<settings.brokerCount).map {
            Link(
                id: BrokerLink(position: $0), connection: BrokerConnection(now: now))
        }
    }

    private static func served(_ indexes: [WireServedIndex]) -> [ServedShardKey: Served] {
        var served: [ServedShardKey: Served] = [:]
        for index in indexes {
            for shard in index.shards {
                let key = ServedShardKey(index: index.name, shard: shard.shard)
                served[key] = Served(
                    buildID: index.buildID, generation: shard.generation,
                    statistics: CollectionStatistics(wire: index.statistics))
            }
        }
        return served
    }

    /// Takes a message of a broker. Never fails: a bad one is logged and dropped.
    package mutating func receive(
        _ frames: [Frame], on link: BrokerLink, at now: MonotonicInstant
    ) {
        do {
            let message = try WireMessage.decode(frames)
            links[link.position].connection.heard(at: now)
            try handle(message, link, now)
        } catch {
            dropped(error, link)
        }
    }

    mutating func dropped(_ error: WireError, _ link: BrokerLink) {
        log(.warning, "broker \(link.position) sent a message that is dropped: \(error)")
    }

    /// Ends a turn: sends what is complete, keeps the brokers, reports health.
    package mutating func endTurn(at now: MonotonicInstant) {
        sendReplies(now)
        for link in links.map(\.id) { keep(link, now) }
        if check.begin(at: now) { actions.append(.probe) }
        reportHealth(now)
        finishDrain(now)
        check.turned(at: now, next: nextDeadline)
    }

    /// When `endTurn` must be called at the latest.
    package var nextDeadline: MonotonicInstant {
        links.map(\.connection.nextDeadline)
            .reduce(min(health.nextDeadline, check.nextDeadline, repliesDue)) { min($0, $1) }
    }

    /// The shell could not send on a link: the broker will see a new session and send its tasks again.
    package mutating func sendBlocked(on link: BrokerLink, at now: MonotonicInstant) {
        dropTasks(of: link)
        links[link.position].connection.blocked(at: now)
    }

    /// Takes what is to be done, in order.
    package mutating func takeActions() -> [WorkerAction] {
        defer { actions.removeAll(keepingCapacity: true) }
        return actions
    }

    /// The check of the shards has ended.
    package mutating func probed(_ findings: ProbeFindings) {
        check.finished(findings)
        health.changed()
    }

    /// Whether any broker has it in its shard map.
    package var isReady: Bool { links.contains { $0.connection.isJoined } }

    /// Whether any job is in hand.
    package var hasJobs: Bool { !jobs.isEmpty }

    /// Whether so few jobs are in hand that the worker's own thread may do small ones.
    package var hasFewJobs: Bool { jobs.count <= settings.fewJobs }

    /// Takes no new tasks, answers those in hand, says goodbye and then asks to end the process.
    package mutating func drain(at now: MonotonicInstant) {
        guard !isDraining else { return }
        isDraining = true
        health.changed()
        for link in links where link.connection.isJoined {
            var body = WireDrain()
            body.reason = "asked to stop"
            send(.drain, body, on: link.id, now)
        }
    }

    mutating func log(_ level: LogLevel, _ text: String) {
        actions.append(.log(level, text))
    }

    /// Sends a message of this worker; the header carries the broker's epoch.
    mutating func send(
        _ command: Command, _ meta: some WireBody, body: [Frame] = [], on link: BrokerLink,
        _ now: MonotonicInstant
    ) {
        send(
            command, meta: WireCodec.protobuf.encodeOwn(meta), body: body, on: link, now)
    }

    /// Sends a message whose meta is encoded already, in protobuf.
    mutating func send(
        _ command: Command, meta: Frame, body: [Frame] = [], on link: BrokerLink,
        _ now: MonotonicInstant
    ) {
        let connection = links[link.position].connection
        let header = Header(command, epoch: connection.isJoined ? connection.epoch : 0)
        let message = WireMessage(header, frames: [meta] + body)
        actions.append(.send(message.encoded(), on: link))
        links[link.position].connection.sent(at: now)
    }
}

extension CollectionStatistics {
    /// From the form on the wire.
    package init(wire: WireStatistics) {
        self.init(
            documents: wire.documents,
            fields: wire.fields.map { FieldStatistics(name: $0.field, tokens: $0.tokens) })
    }

    /// The form on the wire.
    package var wire: WireStatistics {
        var statistics = WireStatistics()
        statistics.documents = documents
        statistics.fields = fields.map { field in
            var wire = WireFieldStatistics()
            wire.field = field.name
            wire.tokens = field.tokens
            return wire
        }
        return statistics
    }
}
