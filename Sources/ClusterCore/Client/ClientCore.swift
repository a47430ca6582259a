import WireMessages
import WireProtocol

/// A client as a pure state machine: batches, messages and instants in, actions out.
///
/// It keeps one broker at a time, and goes to the next one after too long a silence. Every item of
/// every batch ends with exactly one answer or failure: what a lost broker left open is submitted
/// again to the next, and an answer that comes twice is dropped. It owns no socket, clock or thread.
///
/// Use: any number of `submit`, `requestStatus`, `cancel` and `receive` calls, then `endTurn`, then
/// `takeActions`, in one thread. Memory is bounded by the batches that are open.
package struct ClientCore {
    let settings: ClientSettings
    var connection: BrokerConnection
    var broker: Int
    /// Random for each session, below 2^53.
    var sessionID: UInt64 = 0
    var batches: [ClientTicket: OpenBatch] = [:]
    /// Requests of this session, by the id in their header.
    var requests: [UInt64: ClientTicket] = [:]
    var brokerRequests: [UInt64: OpenRequest] = [:]
    var lastRequest: UInt64 = 0
    /// Answers and parts of answers consumed and not yet acknowledged.
    var consumed = 0
    var window: Int
    /// What the broker of this session gives items whose batch has no budget.
    var brokerBudget = ProtocolLimits.maxBudget
    var actions: [ClientAction] = []
    var isClosing = false
    var random: any RandomNumberGenerator & Sendable

    /// A request to the broker itself that is not answered. It is sent again to the next broker, or
    /// in the next session: to do it twice is to do it once.
    struct OpenRequest: Sendable {
        let request: BrokerRequest
        let ticket: ClientTicket
        let deadline: MonotonicInstant
        var isSent = false
    }

    /// A client that has joined nobody yet.
    ///
    /// - Parameter random: for session numbers and jitter; seeded in tests.
    package init(
        settings: ClientSettings, now: MonotonicInstant,
        random: any RandomNumberGenerator & Sendable
    ) {
        precondition(settings.brokerCount > 0, "a client needs a broker")
        self.settings = settings
        self.random = random
        broker = settings.firstBroker % settings.brokerCount
        connection = BrokerConnection(now: now)
        window = settings.resultWindow
    }

    /// The broker it keeps or tries, by its position in the list.
    package var currentBroker: Int { broker }

    /// Whether a broker has welcomed it.
    package var isJoined: Bool { connection.isJoined }

    /// Opens a batch of 1 to `ProtocolLimits.maxItems` items.
    package mutating func submit(
        _ batch: ClientBatch, as ticket: ClientTicket, at now: MonotonicInstant
    ) {
        precondition(
            (1...ProtocolLimits.maxItems).contains(batch.items.count),
            "a batch of \(batch.items.count) items; its user splits it")
        precondition(batches[ticket] == nil, "ticket \(ticket.number) is in use")
        batches[ticket] = OpenBatch(batch, now: now, settings: settings)
    }

    /// Asks something of the broker itself; answered or failed by the deadline.
    package mutating func ask(
        _ request: BrokerRequest, as ticket: ClientTicket, within budget: Duration,
        at now: MonotonicInstant
    ) {
        lastRequest += 1
        brokerRequests[lastRequest] = OpenRequest(
            request: request, ticket: ticket, deadline: now + budget)
    }

    /// Cancels what is open of a batch: each open item fails with CANCELLED.
    package mutating func cancel(_ ticket: ClientTicket, at now: MonotonicInstant) {
        guard let batch = batches[ticket] else { return }
        if let request = batch.request {
            send(
                Header(.cancel, id: request, epoch: sessionID, index: Header.noItem), WireCancel(),
                now)
        }
        failOpenItems(of: ticket, ItemFailure(.cancelled, "cancelled"))
    }

    /// Says goodbye; open work fails with CANCELLED.
    package mutating func close(at now: MonotonicInstant) {
        guard !isClosing else { return }
        for ticket in batches.keys.sorted(by: { $0.number < $1.number }) {
            cancel(ticket, at: now)
        }
        isClosing = true
        if connection.isJoined {
            send(Header(.goodbye, epoch: sessionID), WireGoodbye(), now)
        }
        for (_, request) in brokerRequests.sorted(by: { $0.key < $1.key }) {
            actions.append(.reply(request.ticket, .failure(ItemFailure(.cancelled, "closed"))))
        }
        brokerRequests = [:]
        actions.append(.closed)
    }

    /// Ends a turn: keeps the broker, submits what is due, gives credit, fails what is too late.
    package mutating func endTurn(at now: MonotonicInstant) {
        guard !isClosing else { return }
        keep(now)
        expire(now)
        if connection.isJoined {
            submitDueBatches(now)
            sendBrokerRequests(now)
            giveCredit(now, atLeast: max(1, window / 2))
        }
    }

    /// When `endTurn` must be called at the latest.
    package var nextDeadline: MonotonicInstant {
        var next = connection.nextDeadline
        for batch in batches.values {
            next = min(next, batch.deadline(isJoined: connection.isJoined))
            if batch.request == nil, connection.isJoined { next = min(next, batch.notBefore) }
        }
        for request in brokerRequests.values { next = min(next, request.deadline) }
        return next
    }

    /// The shell could not send: what this session submitted will be submitted again.
    package mutating func sendBlocked(at now: MonotonicInstant) {
        connection.blocked(at: now)
    }

    /// Takes what is to be done, in order.
    package mutating func takeActions() -> [ClientAction] {
        defer { actions.removeAll(keepingCapacity: true) }
        return actions
    }

    mutating func send(
        _ header: Header, _ meta: some WireBody, body: [Frame] = [], _ now: MonotonicInstant
    ) {
        send(WireMessage(header, frames: [header.codec.encodeOwn(meta)] + body), now)
    }

    mutating func send(_ message: WireMessage, _ now: MonotonicInstant) {
        actions.append(.send(message.encoded()))
        connection.sent(at: now)
    }

    private mutating func keep(_ now: MonotonicInstant) {
        switch connection.step(at: now, using: &random) {
        case .sendHello:
            startSession(now)
            send(Header(.hello, epoch: sessionID), hello(), now)
        case .sendPing:
            send(Header(.ping, epoch: sessionID), WirePing(), now)
        case .reconnect:
            broker = (broker + 1) % settings.brokerCount
            log(.warning, "the broker is silent; trying broker \(broker)")
            actions.append(.reconnect(broker: broker))
        case nil: break
        }
    }

    /// A new session: everything open must be submitted again.
    private mutating func startSession(_ now: MonotonicInstant) {
        sessionID = UInt64.random(in: 1..<ProtocolLimits.randomNumberBound, using: &random)
        consumed = 0
        requests = [:]
        for ticket in batches.keys { batches[ticket]?.forgetRequest(at: now) }
        for id in brokerRequests.keys { brokerRequests[id]?.isSent = false }
    }

    private func hello() -> WireHello {
        var hello = WireHello()
        hello.role = .client
        hello.name = settings.name
        hello.versions.min = UInt32(Header.version)
        hello.versions.max = UInt32(Header.version)
        hello.resultWindow = UInt32(settings.resultWindow)
        return hello
    }

    /// Fails what no broker answered in time.
    private mutating func expire(_ now: MonotonicInstant) {
        let reason =
            connection.isJoined ? "the broker did not answer" : "no broker could be reached"
        let isJoined = connection.isJoined
        let late = batches.filter { now >= $0.value.deadline(isJoined: isJoined) }
        for ticket in late.keys.sorted(by: { $0.number < $1.number }) {
            failOpenItems(of: ticket, ItemFailure(.deadline, "\(reason) within the time budget"))
        }
        for (id, request) in brokerRequests.sorted(by: { $0.key < $1.key })
        where request.deadline <= now {
            brokerRequests[id] = nil
            actions.append(.reply(request.ticket, .failure(ItemFailure(.deadline, reason))))
        }
    }

    mutating func failOpenItems(of ticket: ClientTicket, _ failure: ItemFailure) {
        guard let batch = batches.removeValue(forKey: ticket) else { return }
        if let request = batch.request { requests[request] = nil }
        for item in batch.openItems {
            actions.append(.answer(ticket, item: item, .failure(failure)))
        }
        actions.append(.done(ticket))
    }

    mutating func log(_ level: LogLevel, _ text: String) {
        actions.append(.log(level, text))
    }
}
