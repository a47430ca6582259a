package import ClusterCore
package import Logging
import Synchronization
package import WireMessages
import WireProtocol
package import ZeroMQ

/// One connection to a cluster: batches in, streams of answers out.
///
/// A thread of its own owns the socket; any number of tasks may use the connection at once. It
/// keeps one broker of its list and goes to the next when that one is silent.
package final class ClientConnection: Sendable {
    /// An item of a batch, and what came of it.
    package typealias ItemOutcome = (item: Int, outcome: Result<ItemAnswer, ItemFailure>)

    private let loop: SocketLoop<ClientLoop>
    private let lastTicket = Atomic<UInt64>(0)

    /// Starts the thread; the broker need not be there yet.
    ///
    /// - Parameter endpoints: of brokers' client sockets; tried from `settings.firstBroker` on.
    /// - Throws: `ZMQError` if an endpoint is malformed.
    package init(
        settings: ClientSettings, endpoints: [String], context: Context, logger: Logger
    ) throws {
        precondition(settings.brokerCount == endpoints.count, "one endpoint for each broker")
        loop = try SocketLoop.start(
            name: "client", context: context, inboxCapacity: 4_096
        ) { sockets in
            try ClientLoop(settings, endpoints, logger, in: &sockets)
        }
    }

    /// Runs tasks on the connection's thread.
    package var executor: any TaskExecutor { loop.executor }

    /// Submits a batch of 1 to 1000 items.
    ///
    /// The stream gives each item once, in order of completion, those together that arrived together,
    /// and then ends. Ending the iteration early cancels what is open.
    package func submit(_ batch: ClientBatch) -> AsyncStream<[ItemOutcome]> {
        let ticket = nextTicket()
        return AsyncStream { continuation in
            continuation.onTermination = { [inbox = loop.inbox] reason in
                if case .cancelled = reason { _ = inbox.post(.cancel(ticket)) }
            }
            guard loop.inbox.post(.submit(batch, ticket, .all(continuation))) else {
                continuation.yield(batch.items.indices.map { ($0, .failure(refusal)) })
                continuation.finish()
                return
            }
        }
    }

    /// Submits a batch of one item; nil if the connection ends before its answer. Cancelling the task
    /// cancels the item.
    ///
    /// The caller is woken once, by the answer; the reader of a stream also by its end.
    package func outcome(of batch: ClientBatch) async -> Result<ItemAnswer, ItemFailure>? {
        precondition(batch.items.count == 1, "a batch of \(batch.items.count) items; expected one")
        let ticket = nextTicket()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard loop.inbox.post(.submit(batch, ticket, .one(continuation))) else {
                    return continuation.resume(returning: .failure(refusal))
                }
                // If that was before this, it has found nothing to cancel.
                if Task.isCancelled { _ = loop.inbox.post(.cancel(ticket)) }
            }
        } onCancel: { [inbox = loop.inbox] in
            _ = inbox.post(.cancel(ticket))
        }
    }

    /// Why the thread takes no more.
    private var refusal: ItemFailure {
        loop.inbox.isClosed
            ? ItemFailure(.cancelled, "the connection is closed")
            : ItemFailure(.busy, "too many requests are waiting in this client")
    }

    /// The broker's view of the cluster.
    package func status(within budget: Duration) async throws(ItemFailure) -> WireStatusReply {
        guard case .status(let reply) = try await ask(.status, within: budget) else {
            throw ItemFailure(.internal, "the broker answered STATUS with another reply")
        }
        return reply
    }

    /// What the broker's process measures, in the text format of Prometheus.
    package func metrics(within budget: Duration) async throws(ItemFailure) -> WireMetricsReply {
        guard case .metrics(let reply) = try await ask(.metrics, within: budget) else {
            throw ItemFailure(.internal, "the broker answered METRICS with another reply")
        }
        return reply
    }

    /// Changes something at the broker; returns all settings then in force.
    package func administer(
        _ change: WireAdmin, within budget: Duration
    ) async throws(ItemFailure) -> WireClusterSettings {
        guard case .settings(let settings) = try await ask(.administer(change), within: budget)
        else { throw ItemFailure(.internal, "the broker answered ADMIN with another reply") }
        return settings
    }

    private func ask(
        _ request: BrokerRequest, within budget: Duration
    ) async throws(ItemFailure) -> BrokerReply {
        let ticket = nextTicket()
        let result =
            await withCheckedContinuation { continuation in
                guard loop.inbox.post(.ask(request, ticket, within: budget, continuation)) else {
                    return continuation.resume(returning: .failure(refusal))
                }
            } as Result<BrokerReply, ItemFailure>
        return try result.get()
    }

    /// Says goodbye and ends the thread; open work fails with CANCELLED.
    package func close() async {
        await withCheckedContinuation { continuation in
            loop.onExit { continuation.resume() }
            _ = loop.inbox.post(.close, evenIfFull: true)
        }
    }

    private func nextTicket() -> ClientTicket {
        ClientTicket(number: lastTicket.add(1, ordering: .relaxed).newValue)
    }
}

/// What a connection's users ask of its thread.
enum ClientCommand: Sendable {
    case submit(ClientBatch, ClientTicket, BatchReader)
    case cancel(ClientTicket)
    case ask(
        BrokerRequest, ClientTicket, within: Duration,
        CheckedContinuation<Result<BrokerReply, ItemFailure>, Never>)
    case close
}

/// Who waits for the answers of a batch.
enum BatchReader: Sendable {
    case all(AsyncStream<[ClientConnection.ItemOutcome]>.Continuation)
    /// Of a batch with one item.
    case one(CheckedContinuation<Result<ItemAnswer, ItemFailure>?, Never>)

    /// There are no more answers.
    func end() {
        switch self {
        case .all(let stream): stream.finish()
        case .one(let reader): reader.resume(returning: nil)
        }
    }
}

/// Runs the client's state machine on one thread with one socket.
final class ClientLoop: SocketLoopHandler {
    private var core: ClientCore
    private let endpoints: [String]
    private let logger: Logger
    private var socket: SocketHandle
    private var readers: [ClientTicket: BatchReader] = [:]
    /// Of this turn; given to each reader at once, so that it wakes once.
    private var outcomes: [ClientTicket: [ClientConnection.ItemOutcome]] = [:]
    private var asked:
        [ClientTicket: CheckedContinuation<Result<BrokerReply, ItemFailure>, Never>] = [:]
    private var isClosed = false

    init(
        _ settings: ClientSettings, _ endpoints: [String], _ logger: Logger,
        in sockets: inout LoopSockets
    ) throws(ZMQError) {
        self.endpoints = endpoints
        self.logger = logger
        core = ClientCore(
            settings: settings, now: MonotonicClock.now, random: SystemRandomNumberGenerator())
        socket = try sockets.openDealer(to: endpoints[core.currentBroker])
    }

    func receive(_ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets) {
        core.receive(frames, at: MonotonicClock.now)
    }

    func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets
    ) {
        logger.warning("dropped a message: \(error)")
    }

    func handle(_ command: ClientCommand, in sockets: inout LoopSockets) {
        let now = MonotonicClock.now
        switch command {
        case .submit(let batch, let ticket, let reader):
            readers[ticket] = reader
            core.submit(batch, as: ticket, at: now)
        case .cancel(let ticket):
            core.cancel(ticket, at: now)
        case .ask(let request, let ticket, let budget, let continuation):
            asked[ticket] = continuation
            core.ask(request, as: ticket, within: budget, at: now)
        case .close:
            core.close(at: now)
        }
    }

    func endTurn(in sockets: inout LoopSockets) -> LoopDirective {
        let now = MonotonicClock.now
        core.endTurn(at: now)
        for action in core.takeActions() { perform(action, now, in: &sockets) }
        for ticket in Array(outcomes.keys) { giveOutcomes(to: ticket) }
        return isClosed ? .stop : .wait(until: core.nextDeadline, now: now)
    }

    private func perform(
        _ action: ClientAction, _ now: MonotonicInstant, in sockets: inout LoopSockets
    ) {
        switch action {
        case .send(let frames):
            if !sockets.trySend(frames, on: socket, logger) { core.sendBlocked(at: now) }
        case .reconnect(let broker):
            reconnect(to: broker, in: &sockets)
        case .answer(let ticket, let item, let outcome):
            outcomes[ticket, default: []].append((item, outcome))
        case .done(let ticket):
            giveOutcomes(to: ticket)
            readers.removeValue(forKey: ticket)?.end()
        case .reply(let ticket, let result):
            asked.removeValue(forKey: ticket)?.resume(returning: result)
        case .log(let level, let text):
            logger.write(level, text)
        case .closed:
            isClosed = true
        }
    }

    private func giveOutcomes(to ticket: ClientTicket) {
        guard let some = outcomes.removeValue(forKey: ticket) else { return }
        switch readers[ticket] {
        case .all(let stream)?: stream.yield(some)
        case .one(let reader)?:
            readers[ticket] = nil
            reader.resume(returning: some[0].outcome)
        case nil: break
        }
    }

    private func reconnect(to broker: Int, in sockets: inout LoopSockets) {
        sockets.close(socket)
        do {
            socket = try sockets.openDealer(to: endpoints[broker])
        } catch {
            logger.error("cannot connect to \(endpoints[broker]): \(error)")
        }
    }

    func finish(in sockets: inout LoopSockets) {
        let failure = ItemFailure(.cancelled, "the connection was closed")
        for continuation in asked.values { continuation.resume(returning: .failure(failure)) }
        for reader in readers.values { reader.end() }
        // The farewell is in the socket's queue; see `openDealer`.
    }
}

extension LoopSockets {
    /// Opens a DEALER to one broker. Closing it gives queued messages a second to leave.
    package mutating func openDealer(to endpoint: String) throws(ZMQError) -> SocketHandle {
        try open(.dealer) { socket throws(ZMQError) in
            try socket.set(.linger, to: .seconds(1))
            try socket.connect(endpoint)
        }
    }

    /// Whether libzmq took the message; an error is logged.
    func trySend(_ frames: [Frame], on socket: SocketHandle, _ logger: Logger) -> Bool {
        do {
            return try send(frames, on: socket) == .sent
        } catch {
            logger.error("cannot send: \(error)")
            return false
        }
    }
}
