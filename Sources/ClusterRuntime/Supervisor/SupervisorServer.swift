package import ClusterCore
package import Logging
import SystemPackage
import WireMessages
package import WireProtocol
package import ZeroMQ

/// What other threads tell a running supervisor.
package enum SupervisorCommand: Sendable {
    case process(ChildProcesses.Event)
    /// Drain the workers, then the brokers, then end.
    case stop
    /// Kill everything, then end.
    case kill
}

/// Runs the supervisor's state machine on one thread: children as processes, readiness from health
/// reports and brokers' welcomes, and a link to every broker that tells it at once which child has
/// ended.
package final class SupervisorServer: SocketLoopHandler {
    private var supervisor: Supervisor
    private var random = SystemRandomNumberGenerator()
    private let plan: SupervisorPlan
    private var children: [ChildName: ChildSpecification]
    private let processes: ChildProcesses
    private var health: HealthWatch
    private let healthSocket: SocketHandle
    private var links: [SupervisorLink]
    private let logger: Logger
    private let onFinish: @Sendable (SupervisorEnd) -> Void
    private let lock: LockFile
    private var nextLogCheck: MonotonicInstant
    private static let logCheckInterval = Duration.seconds(60)
    private var end: SupervisorEnd?

    /// Makes the run and log folders, takes the run folder's lock, and starts the thread and with it
    /// all children.
    ///
    /// - Parameters:
    ///   - plan: the children and where everything listens.
    ///   - onFinish: called once on the loop's thread, when every child is at rest.
    /// - Throws: `LockFileError` if another supervisor runs there, `Errno` or `ZMQError`.
    package static func start(
        plan: SupervisorPlan, context: Context, logger: Logger,
        onFinish: @escaping @Sendable (SupervisorEnd) -> Void
    ) throws -> SocketLoop<SupervisorServer> {
        let inbox = try LoopInbox<SupervisorCommand>(capacity: 4_096)
        return try SocketLoop.start(name: "supervisor", context: context, inbox: inbox) { sockets in
            try SupervisorServer(plan, logger, inbox, onFinish, in: &sockets)
        }
    }

    private init(
        _ plan: SupervisorPlan, _ logger: Logger, _ inbox: LoopInbox<SupervisorCommand>,
        _ onFinish: @escaping @Sendable (SupervisorEnd) -> Void, in sockets: inout LoopSockets
    ) throws {
        try FileCalls.makeFolder(plan.runFolder, permissions: [.ownerReadWriteExecute])
        try FileCalls.makeFolder(
            plan.log.folder, permissions: [.ownerReadWriteExecute, .groupReadExecute])
        lock = try LockFile(plan.runFolder.appending("supervisor.lock"))
        self.logger = logger
        self.onFinish = onFinish
        self.plan = plan
        let now = MonotonicClock.now
        nextLogCheck = now + Self.logCheckInterval
        supervisor = Supervisor(children: plan.children, policy: plan.policy)
        children = Dictionary(uniqueKeysWithValues: plan.children.map { ($0.name, $0) })
        processes = ChildProcesses(executable: plan.executable, log: plan.log) { event in
            _ = inbox.post(.process(event))
        }
        health = HealthWatch()
        healthSocket = try sockets.open(.subscriber) { socket throws(ZMQError) in
            try socket.subscribe(Array("h.".utf8))
            try socket.bind(plan.healthEndpoint)
        }
        links = []
        for broker in plan.brokers {
            let socket = try sockets.openDealer(to: broker.endpoint)
            links.append(
                SupervisorLink(broker, name: plan.name, host: plan.host, socket: socket, now: now))
        }
        pendingEvents = [.start]
    }

    /// Events that are handled at the end of the turn, in order.
    private var pendingEvents: [SupervisorEvent]

    package func receive(
        _ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        let now = MonotonicClock.now
        if socket == healthSocket {
            if let ready = health.receive(frames, at: now) { becameReady(ready.name, ready.pid) }
            return
        }
        guard let position = links.firstIndex(where: { $0.socket == socket }) else { return }
        if let problem = links[position].receive(frames, at: now) {
            logger.warning("broker '\(links[position].broker.name)': \(problem)")
        }
        for (id, order) in links[position].takeOrders() {
            links[position].answer(id, problem: obey(order, now))
        }
    }

    /// Carries an order out; says why not if it cannot be.
    private func obey(_ admin: WireAdmin, _ now: MonotonicInstant) -> String? {
        if case .stop? = admin.verb {
            logger.info("an operator orders: stop the cluster")
            pendingEvents.append(.drainRequested)
            return nil
        }
        do throws(SupervisorOrderError) {
            let order = try plan.orders.order(admin, of: supervisor).order
            if case .add(let specification) = order { children[order.name] = specification }
            logger.info("an operator orders: \(order.words)")
            for action in supervisor.handle(.order(order), at: now, using: &random) {
                perform(action, now)
            }
            return nil
        } catch {
            return error.description
        }
    }

    /// A process says that it serves. A broker says so by its welcome, which has no pid in it; the
    /// running process of that name is meant.
    private func becameReady(_ name: String, _ pid: UInt32) {
        guard let child = ChildName(name) else { return }
        pendingEvents.append(.ready(child, ProcessID(Int32(truncatingIfNeeded: pid))))
    }

    package func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        logger.warning("dropped a message: \(error)")
    }

    package func handle(_ command: SupervisorCommand, in sockets: inout LoopSockets) {
        switch command {
        case .process(let event):
            note(event)
            pendingEvents.append(event.supervisorEvent)
        case .stop:
            pendingEvents.append(.drainRequested)
        case .kill:
            pendingEvents.append(.killRequested)
        }
    }

    private func note(_ event: ChildProcesses.Event) {
        switch event {
        case .started(let child, let process):
            logger.info("\(child) runs as process \(process)")
            health.started(child.text, as: process, at: MonotonicClock.now)
        case .startFailed(let child, let reason):
            logger.error("\(child) cannot be started: \(reason)")
        case .exited(let child, let process, let status):
            logger.info("\(child) (process \(process)) \(status)")
            health.ended(child.text)
        }
    }

    package func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
        let now = MonotonicClock.now
        noteBrokersThatAnswer()
        noteUnresponsiveWorkers(now)
        for event in pendingEvents + [.tick] {
            let actions = supervisor.handle(event, at: now, using: &random)
            for action in actions { perform(action, now) }
        }
        pendingEvents = []
        for position in links.indices {
            links[position].keep(at: now, using: &random, in: &sockets, logger)
        }
        guard end == nil else { return .stop }
        if nextLogCheck <= now {
            nextLogCheck = now + Self.logCheckInterval
            processes.rotateLargeLogs()
        }
        var next = min(nextLogCheck, supervisor.nextDeadline ?? nextLogCheck)
        for link in links { next = min(next, link.nextDeadline) }
        return .wait(until: next, now: now)
    }

    private func noteBrokersThatAnswer() {
        for report in supervisor.report.children where report.state == .starting {
            guard report.kind == .broker, let process = report.process,
                links.contains(where: { $0.broker.name == report.name.text && $0.isJoined })
            else { continue }
            pendingEvents.append(.ready(report.name, process))
        }
    }

    private func noteUnresponsiveWorkers(_ now: MonotonicInstant) {
        for report in supervisor.report.children where report.state == .ready {
            guard report.kind == .worker, let process = report.process,
                let reason = health.complaint(about: report.name.text, at: now)
            else { continue }
            pendingEvents.append(.unresponsive(report.name, process, reason: reason))
        }
    }

    private func perform(_ action: SupervisorAction, _ now: MonotonicInstant) {
        switch action {
        case .spawn(let child, _):
            guard let specification = children[child] else { return }
            processes.start(child, arguments: specification.arguments)
        case .signal(let process, let signal):
            processes.send(signal, to: process)
        case .report(let report):
            let names = Set(report.children.map(\.name))
            children = children.filter { names.contains($0.key) }
            for position in links.indices { links[position].report(report) }
            for child in report.children where child.kind == .broker && child.state != .ready {
                forgetBroker(child, now)
            }
        case .notice(let notice):
            logger.warning("\(notice)")
        case .finished(let end):
            self.end = end
        }
    }

    /// A broker that has ended is not joined any more; else its next process would look ready.
    private func forgetBroker(_ child: ChildReport, _ now: MonotonicInstant) {
        guard child.process == nil else { return }
        for position in links.indices where links[position].broker.name == child.name.text {
            links[position].brokerEnded(at: now)
        }
    }

    package func finish(in sockets: inout LoopSockets) {
        onFinish(end ?? .stopped)
    }
}
