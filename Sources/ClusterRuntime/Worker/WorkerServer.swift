package import ClusterCore
package import Logging
import SearchIndex
import SystemPackage
import WireMessages
package import WireProtocol
package import ZeroMQ

/// How a worker is started.
package struct WorkerOptions: Sendable {
    package var name: String
    package var pool: String
    /// Search threads.
    package var threads: Int
    /// Its share of the tasks, compared with other replicas'; 0 for its number of search threads.
    package var weight = 0.0
    /// Where it is; brokers of its zone prefer it; empty if it does not matter.
    package var zone = ""
    /// The folder of index folders.
    package var dataFolder: String
    /// Index names with the shards to serve of each.
    package var serve: [(index: String, shards: ShardSelection)]
    /// The workers' endpoints of all brokers to join.
    package var brokers: [String]
    /// Where health reports are published to.
    package var health: [String]
    /// What brokers are told instead of this process's number; nil for that. Workers of one process
    /// that are started again need one each, so that the end of one is not taken for that of the next.
    package var pid: UInt32?
    /// How long its loop may look for the next message before it sleeps.
    package var busyPoll = BusyPollTime.none
    /// Where its metrics go.
    package var metrics = MetricsTarget()

    package init(
        name: String, pool: String = "default", threads: Int = 1, dataFolder: String,
        serve: [(index: String, shards: ShardSelection)], brokers: [String], health: [String]
    ) {
        self.name = name
        self.pool = pool
        self.threads = threads
        self.dataFolder = dataFolder
        self.serve = serve
        self.brokers = brokers
        self.health = health
    }
}

/// What other threads tell a running worker.
package enum WorkerCommand: Sendable {
    case outcome(JobID, JobOutcome, elapsed: Duration)
    /// Call this once a broker has the worker in its shard map, on the loop's thread, as soon as that is
    /// so. It must not block, and is dropped if the worker ends before.
    case whenJoined(@Sendable () -> Void)
    /// A check of the shards has ended.
    case probed(ProbeFindings)
    /// Finish what was accepted, say goodbye, end.
    case drain
    /// End now.
    case stop
}

/// Runs the worker's state machine on one thread with a socket for each broker, beside the search
/// threads, which never touch a socket.
package final class WorkerServer: SocketLoopHandler {
    private var node: WorkerNode
    private var sockets: [SocketHandle] = []
    private let publisher: SocketHandle
    private let options: WorkerOptions
    private let shards: ShardHost
    private let inbox: LoopInbox<WorkerCommand>
    private let pool: SearchPool
    private let logger: Logger
    private var errorLimit = RateLimit()
    private var isFinished = false
    private let reporter: WorkerReporter?
    private var nextReport: MonotonicInstant
    private var awaitsJoining: [@Sendable () -> Void] = []
    /// Whether there were tasks or outcomes in this turn, so that others are likely to be near.
    private var hasWorkInTurn = false

    /// Opens the shards and starts the threads; returns when that is done. The brokers need not be
    /// there yet.
    ///
    /// - Throws: `IndexError` for a shard that cannot be opened, `ZMQError` for a bad endpoint.
    package static func start(
        options: WorkerOptions, context: Context, logger: Logger
    ) throws -> SocketLoop<WorkerServer> {
        let shards = try ShardHost(dataFolder: options.dataFolder, serve: options.serve)
        let inbox = try LoopInbox<WorkerCommand>(capacity: 4_096)
        return try SocketLoop.start(name: "worker", context: context, inbox: inbox) { sockets in
            try WorkerServer(options, shards, inbox, logger, in: &sockets)
        }
    }

    private init(
        _ options: WorkerOptions, _ shards: ShardHost, _ inbox: LoopInbox<WorkerCommand>,
        _ logger: Logger, in sockets: inout LoopSockets
    ) throws {
        self.options = options
        self.shards = shards
        self.inbox = inbox
        self.logger = logger
        var settings = WorkerSettings(
            name: options.name, pool: options.pool,
            incarnation: UInt64.random(in: 1..<ProtocolLimits.randomNumberBound),
            pid: options.pid ?? UInt32(ProcessCalls.currentProcess.rawValue),
            host: ProcessCalls.hostName,
            slots: options.threads, indexes: shards.announcements,
            brokerCount: options.brokers.count)
        settings.weight = options.weight
        settings.zone = options.zone
        let now = MonotonicClock.now
        node = WorkerNode(settings: settings, now: now, random: SystemRandomNumberGenerator())
        reporter = options.metrics.isHeeded ? WorkerReporter(options.metrics) : nil
        nextReport = now
        publisher = try sockets.open(.publisher) { socket throws(ZMQError) in
            for endpoint in options.health { try socket.connect(endpoint) }
        }
        // The inbox holds more than the node's bound on jobs, so an outcome is never refused while
        // the loop runs.
        precondition(inbox.capacity > settings.maxTasks, "the inbox is too small")
        pool = SearchPool(
            work: { shards.perform($0, control: $1) },
            completion: { _ = inbox.post(.outcome($0, $1, elapsed: $2)) },
            threadCount: options.threads)
        for endpoint in options.brokers {
            self.sockets.append(try sockets.openDealer(to: endpoint))
        }
        try pool.start()
    }

    package func receive(
        _ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        guard let position = self.sockets.firstIndex(of: socket) else { return }
        node.receive(frames, on: BrokerLink(position: position), at: MonotonicClock.now)
    }

    package func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        guard let others = errorLimit.pass(at: MonotonicClock.now) else { return }
        logger.warning("dropped a message: \(error) (and \(others) more)")
    }

    package func handle(_ command: WorkerCommand, in sockets: inout LoopSockets) {
        let now = MonotonicClock.now
        switch command {
        case .outcome(let id, let outcome, let elapsed):
            hasWorkInTurn = true
            node.finished(id, outcome, elapsed: elapsed, at: now)
        case .whenJoined(let body): awaitsJoining.append(body)
        case .probed(let findings): node.probed(findings)
        case .drain: node.drain(at: now)
        case .stop: isFinished = true
        }
    }

    package func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
        let now = MonotonicClock.now
        // Jobs first: what is done at once is answered in the same turn. If a disk makes that long, what came
        // meanwhile is read before a broker is judged by its silence.
        for action in node.takeActions() { perform(action, now, in: &sockets) }
        node.endTurn(at: now)
        for action in node.takeActions() { perform(action, now, in: &sockets) }
        if node.isReady, !awaitsJoining.isEmpty {
            for body in awaitsJoining { body() }
            awaitsJoining = []
        }
        if let reporter, nextReport <= now {
            nextReport = now + MetricsTarget.interval
            reporter.report(node.takeMetrics())
        }
        if isFinished { return .stop }
        defer { hasWorkInTurn = false }
        return .wait(
            until: node.nextDeadline, now: MonotonicClock.now,
            busyPoll: hasWorkInTurn ? options.busyPoll.poll(awaitsAnswers: node.hasJobs) : nil)
    }

    private func perform(
        _ action: WorkerAction, _ now: MonotonicInstant, in sockets: inout LoopSockets
    ) {
        switch action {
        case .send(let frames, let link):
            if !sockets.trySend(frames, on: self.sockets[link.position], logger) {
                node.sendBlocked(on: link, at: now)
            }
        case .reconnect(let link):
            reconnect(link, in: &sockets)
        case .run(let job): run(job)
        case .cancel(let id): pool.cancel(id)
        case .probe: startProbe()
        case .publish(let frames):
            // A publisher drops what nobody reads; nothing depends on a single report.
            _ = sockets.trySend(frames, on: publisher, logger)
        case .log(let level, let text): logger.write(level, text)
        case .finished: isFinished = true
        }
    }

    /// Does a small job at once: to hand it over and to be told of its end would take longer.
    private func run(_ job: WorkerJob) {
        hasWorkInTurn = true
        guard node.hasFewJobs, shards.isSmall(job) else { return pool.submit(job) }
        let (outcome, elapsed) = pool.performHere(job)
        node.finished(job.id, outcome, elapsed: elapsed, at: MonotonicClock.now)
    }

    /// Checks the shards on a thread of its own, since it reads from the disk.
    private func startProbe() {
        do throws(Errno) {
            try SystemThread.start(name: "probe") { [shards, inbox] in
                _ = inbox.post(.probed(shards.probe()))
            }
        } catch {
            var findings = ProbeFindings()
            findings.failures = ["no thread for a check of the shards: \(error)"]
            node.probed(findings)
        }
    }

    private func reconnect(_ link: BrokerLink, in sockets: inout LoopSockets) {
        sockets.close(self.sockets[link.position])
        do {
            self.sockets[link.position] = try sockets.openDealer(
                to: options.brokers[link.position])
        } catch {
            logger.error("cannot connect to \(options.brokers[link.position]): \(error)")
        }
    }

    package func finish(in sockets: inout LoopSockets) {
        pool.stop()
        reporter?.finish(node.takeMetrics())
        logger.info("worker '\(options.name)' stops")
    }
}
