package import ClusterCore
package import Logging
package import SystemPackage
import WireMessages
package import WireProtocol
package import ZeroMQ

/// How a supervisor of workers in this process is started.
package struct LocalSupervisorOptions: Sendable {
    /// Shown in the broker's status.
    package var name: String
    /// The folder of the index folders.
    package var dataFolder: FilePath
    /// Where the broker takes workers and their health reports.
    package var broker: BrokerEndpoints
    /// How long a worker may take to finish what it has when it is to end.
    package var grace: Duration

    package init(name: String, dataFolder: FilePath, broker: BrokerEndpoints, grace: Duration) {
        self.name = name
        self.dataFolder = dataFolder
        self.broker = broker
        self.grace = grace
    }
}

/// What other threads tell a supervisor in this process.
package enum LocalSupervisorCommand: Sendable {
    case event(SupervisorEvent)
    /// Call this once the broker knows the supervisor, on the loop's thread. It must not block.
    case whenJoined(@Sendable () -> Void)
    /// Drain the workers, then end.
    case stop
}

/// Runs the supervisor's state machine for workers in this process: joins the broker as any supervisor
/// does, and adds, drains, starts and removes workers as it orders.
///
/// Unlike one of processes it answers an order when that has come about: an added node serves, or the
/// answer says why not and nothing is left of it; see `WaitingOrders`.
package final class LocalSupervisor: SocketLoopHandler {
    private var supervisor: Supervisor
    private var random = SystemRandomNumberGenerator()
    private let options: LocalSupervisorOptions
    private let reader: OrderReader
    private let workers: LocalWorkers
    private var configurations: [ChildName: WorkerConfiguration] = [:]
    private var link: SupervisorLink
    private var orders = WaitingOrders()
    private var awaitsJoining: [@Sendable () -> Void] = []
    private let logger: Logger
    /// When it ends even if a worker does not.
    private var lastDeadline: MonotonicInstant?
    private var isFinished = false

    /// Starts the thread; it has no workers yet.
    ///
    /// - Throws: `ZMQError` for a bad endpoint or when the system gives no thread.
    package static func start(
        options: LocalSupervisorOptions, context: Context, logger: Logger
    ) throws -> SocketLoop<LocalSupervisor> {
        let inbox = try LoopInbox<LocalSupervisorCommand>(capacity: 16_384)
        let workers = LocalWorkers(context: context, logger: logger) { event in
            _ = inbox.post(.event(event))
        }
        return try SocketLoop.start(name: "supervisor", context: context, inbox: inbox) { sockets in
            try LocalSupervisor(options, workers, logger, in: &sockets)
        }
    }

    private init(
        _ options: LocalSupervisorOptions, _ workers: LocalWorkers, _ logger: Logger,
        in sockets: inout LoopSockets
    ) throws {
        self.options = options
        self.workers = workers
        self.logger = logger
        let host = ProcessCalls.hostName
        reader = OrderReader(host: host, dataFolder: options.dataFolder) {
            ChildSpecification(name: $0.name, kind: .worker, arguments: [])
        }
        var policy = RestartPolicy()
        policy.grace = options.grace
        // More than the waits between restarts allow: nobody is there who would start it again.
        policy.limit = 1_000
        supervisor = Supervisor(children: [], policy: policy)
        let now = MonotonicClock.now
        let broker = SupervisedBroker(name: options.name, endpoint: options.broker.workers)
        let socket = try sockets.openDealer(to: broker.endpoint)
        link = SupervisorLink(broker, name: options.name, host: host, socket: socket, now: now)
        handle(.start, now)
    }

    package func receive(
        _ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        let now = MonotonicClock.now
        if let problem = link.receive(frames, at: now) { logger.warning("broker: \(problem)") }
        for (id, order) in link.takeOrders() { obey(id, order, now) }
    }

    private func obey(_ id: UInt64, _ admin: WireAdmin, _ now: MonotonicInstant) {
        do throws(SupervisorOrderError) {
            let (order, added) = try reader.order(admin, of: supervisor)
            if let added { configurations[order.name] = added }
            logger.info("ordered: \(order.words)")
            handle(.order(order), now)
            orders.append(id, order, at: now)
        } catch {
            link.answer(id, problem: error.description)
        }
    }

    private func handle(_ event: SupervisorEvent, _ now: MonotonicInstant) {
        for action in supervisor.handle(event, at: now, using: &random) {
            switch action {
            case .spawn(let name, _):
                if let configuration = configurations[name] {
                    workers.start(name, workerOptions(configuration))
                }
            case .signal(let process, let signal): workers.send(signal, to: process)
            case .report(let report): keepOnly(report, now)
            case .notice(let notice): logger.warning("\(notice)")
            case .finished: isFinished = true
            }
        }
    }

    private func keepOnly(_ report: SupervisorReport, _ now: MonotonicInstant) {
        link.report(report)
        let names = Set(report.children.map(\.name))
        configurations = configurations.filter { names.contains($0.key) }
    }

    private func workerOptions(_ worker: WorkerConfiguration) -> WorkerOptions {
        var options = WorkerOptions(
            name: worker.name.text, pool: worker.pool.text, threads: worker.threads,
            dataFolder: self.options.dataFolder.string,
            serve: worker.serve.map { ($0.index.text, $0.shards) },
            brokers: [self.options.broker.workers], health: [self.options.broker.health])
        options.weight = worker.weight ?? 0
        options.zone = worker.zone?.text ?? ""
        options.metrics = MetricsTarget(
            dimensions: [("cluster", self.options.name), ("node", worker.name.text)])
        return options
    }

    package func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        logger.warning("dropped a message: \(error)")
    }

    package func handle(_ command: LocalSupervisorCommand, in sockets: inout LoopSockets) {
        let now = MonotonicClock.now
        switch command {
        case .event(let event): handle(event, now)
        case .whenJoined(let body): awaitsJoining.append(body)
        case .stop:
            lastDeadline = now + options.grace + .seconds(2)
            handle(.drainRequested, now)
        }
    }

    package func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
        let now = MonotonicClock.now
        handle(.tick, now)
        let outcomes = orders.settle(supervisor.report, at: now)
        for undo in outcomes.compactMap(\.undo) { handle(.order(undo), now) }
        // The broker hears of the new state before the answers, so that what a client orders after its
        // answer meets that state.
        link.keep(at: now, using: &random, in: &sockets, logger)
        for outcome in outcomes { link.answer(outcome.id, problem: outcome.problem) }
        link.keep(at: now, using: &random, in: &sockets, logger)
        if link.isJoined {
            for body in awaitsJoining { body() }
            awaitsJoining = []
        }
        guard !isFinished, lastDeadline.map({ now < $0 }) ?? true else { return .stop }
        let deadlines = [supervisor.nextDeadline, orders.nextDeadline, lastDeadline]
        let next = deadlines.compactMap(\.self).reduce(link.nextDeadline) { min($0, $1) }
        return .wait(until: next, now: now)
    }

    package func finish(in sockets: inout LoopSockets) {
        logger.info("the cluster's workers have ended")
    }
}
