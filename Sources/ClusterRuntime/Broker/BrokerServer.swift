package import ClusterCore
package import Logging
import WireMessages
package import WireProtocol
package import ZeroMQ

/// Where a broker listens.
package struct BrokerEndpoints: Sendable {
    /// ROUTER for clients.
    package var clients: String
    /// ROUTER for workers and supervisors.
    package var workers: String
    /// SUB for health reports.
    package var health: String
    /// XPUB for events; nil for none.
    package var events: String?

    package init(clients: String, workers: String, health: String, events: String? = nil) {
        self.clients = clients
        self.workers = workers
        self.health = health
        self.events = events
    }
}

/// What other threads may ask of a running broker.
package enum BrokerCommand: Sendable {
    case stop
}

/// Runs the broker's state machine on one thread with three sockets, and one for events.
package final class BrokerServer: SocketLoopHandler {
    private var broker: Broker
    private let clients: SocketHandle
    private let workers: SocketHandle
    private let health: SocketHandle
    private let events: SocketHandle?
    private let logger: Logger
    private var errorLimit = RateLimit()
    private var isStopping = false
    private let metrics: MetricsTarget
    private let reporter: BrokerReporter?
    private var ticks: LoopTicks
    private let busyPoll: BusyPollTime

    /// Binds the sockets and starts the thread; returns when it listens.
    ///
    /// - Throws: `ZMQError` if an endpoint cannot be bound.
    package static func start(
        settings: BrokerSettings, endpoints: BrokerEndpoints, context: Context,
        metrics: MetricsTarget = MetricsTarget(), busyPoll: BusyPollTime = .none, logger: Logger
    ) throws -> SocketLoop<BrokerServer> {
        try SocketLoop.start(name: "broker", context: context, inboxCapacity: 64) { sockets in
            try BrokerServer(settings, endpoints, metrics, busyPoll, logger, in: &sockets)
        }
    }

    private init(
        _ settings: BrokerSettings, _ endpoints: BrokerEndpoints, _ metrics: MetricsTarget,
        _ busyPoll: BusyPollTime, _ logger: Logger, in sockets: inout LoopSockets
    ) throws(ZMQError) {
        self.busyPoll = busyPoll
        self.logger = logger
        self.metrics = metrics
        let now = MonotonicClock.now
        broker = Broker(settings: settings, now: now)
        reporter = metrics.isHeeded ? BrokerReporter(metrics) : nil
        ticks = LoopTicks(now: now)
        clients = try sockets.open(.router) { socket throws(ZMQError) in
            try socket.bind(endpoints.clients)
        }
        workers = try sockets.open(.router) { socket throws(ZMQError) in
            try socket.bind(endpoints.workers)
        }
        health = try sockets.open(.subscriber) { socket throws(ZMQError) in
            try socket.subscribe(Array("h.".utf8))
            try socket.bind(endpoints.health)
        }
        events = try endpoints.events.map { (endpoint) throws(ZMQError) in
            try sockets.open(.xpublisher) { socket throws(ZMQError) in
                try socket.set(.reportsEverySubscription, to: true)
                try socket.bind(endpoint)
            }
        }
    }

    package func receive(
        _ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        let now = MonotonicClock.now
        ticks.begin(at: now)
        guard socket != health else { return broker.receiveHealth(frames, at: now) }
        guard socket != events else {
            // libzmq heeds them by itself: 1 and a topic is a subscription, 0 and one its end.
            if frames.first?.first == 1 { broker.subscribed() }
            return
        }
        guard let routingID = frames.first else { return }
        let peer = PeerID(link: socket == clients ? .client : .worker, routingID: routingID)
        broker.receive(Array(frames.dropFirst()), from: peer, at: now)
    }

    package var hasEnoughForTurn: Bool { broker.hasEnoughForTurn }

    package func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        guard let others = errorLimit.pass(at: MonotonicClock.now) else { return }
        logger.warning("dropped a message: \(error) (and \(others) more)")
    }

    package func handle(_ command: BrokerCommand, in sockets: inout LoopSockets) {
        switch command {
        case .stop: isStopping = true
        }
    }

    package func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
        let now = MonotonicClock.now
        ticks.begin(at: now)
        let hadWork = broker.hasWorkInTurn
        broker.endTurn(at: now)
        // A failed send frees tasks for other workers, which are then handed out at once.
        while perform(broker.takeActions(), now, in: sockets) {
            broker.endTurn(at: now)
        }
        let end = MonotonicClock.now
        if ticks.end(at: end) { report() }
        if isStopping { return .stop }
        return .wait(
            until: broker.nextDeadline, now: end,
            busyPoll: hadWork ? busyPoll.poll(awaitsAnswers: broker.awaitsAnswers) : nil)
    }

    /// Brings the process's metrics up to date.
    private func report() {
        reporter?.report(broker.takeMetrics(), longestTick: ticks.longest)
    }

    /// Carries actions out; true if that gave the broker more to do: a peer that could not be reached,
    /// or its metrics.
    private func perform(
        _ actions: [BrokerAction], _ now: MonotonicInstant, in sockets: borrowing LoopSockets
    ) -> Bool {
        var isMore = false
        for action in actions {
            switch action {
            case .describeMetrics(let request):
                report()
                broker.answerMetrics(request, text: metrics.registry?.exposition())
                isMore = true
            case .log(let level, let text):
                logger.write(level, text)
            case .publish(let frames):
                // Dropped for observers that do not read; the sequence number shows them so.
                if let events { _ = sockets.trySend(frames, on: events, logger) }
            case .send(let frames, let peer):
                let socket = peer.link == .client ? clients : workers
                guard let blocked = send(frames, to: peer.routingID, on: socket, sockets) else {
                    continue
                }
                broker.sendFailed(to: peer, blocked: blocked, at: now)
                isMore = true
            }
        }
        return isMore
    }

    /// Nil if libzmq took the message; else whether the peer's queue was full.
    private func send(
        _ frames: [Frame], to peer: Frame, on socket: SocketHandle,
        _ sockets: borrowing LoopSockets
    ) -> Bool? {
        do {
            switch try sockets.send(frames, to: peer, on: socket) {
            case .sent: return nil
            case .wouldBlock: return true
            case .unreachable: return false
            }
        } catch {
            logger.error("cannot send: \(error)")
            return false
        }
    }

    package func finish(in sockets: inout LoopSockets) {
        reporter?.finish(broker.takeMetrics())
        logger.info("broker stops")
    }
}
