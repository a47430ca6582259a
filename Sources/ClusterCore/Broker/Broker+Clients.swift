import HeapModule
import WireMessages
import WireProtocol

/// Messages on the clients' link, except SUBMIT.
extension Broker {
    mutating func receiveFromClient(
        _ message: WireMessage, _ peer: PeerID, _ now: MonotonicInstant
    ) throws(WireError) {
        if message.header.command == .hello {
            return try clientHello(message, peer, now)
        }
        guard case .client(let key)? = peers[peer],
            clients[key]?.sessionID == message.header.epoch
        else { return answerUnknown(message, peer) }
        clients[key]?.lastHeard = now
        switch message.header.command {
        case .ping:
            send(message.header.answer(.pong), WirePong(), to: peer)
        case .submit:
            try submit(message, key, now)
        case .credit:
            let credit: WireCredit = try message.meta()
            clients[key]?.acknowledge(credit.results)
            if let client = clients[key] { takeTurn(client) }
        case .cancel:
            cancel(message.header, key, now)
        case .status:
            send(message.header.answer(.statusReply), status(now), to: peer)
        case .metrics:
            actions.append(.describeMetrics(MetricsRequest(header: message.header, peer: peer)))
        case .admin:
            try administer(message, peer, now)
        case .goodbye:
            removeClient(key, why: "said goodbye")
        default:
            refuse(
                peer, message.header.answer(.failed),
                ItemFailure(
                    .unsupported,
                    "\(message.header.command) is not a command that a client sends"))
        }
    }

    /// A message from a connection without a session, or of another session: the peer must say HELLO
    /// (again).
    mutating func answerUnknown(_ message: WireMessage, _ peer: PeerID) {
        var body = WireUnknownPeer()
        body.reason = "no session for this connection: say HELLO first"
        send(message.header.answer(.unknownPeer), body, to: peer)
    }

    private mutating func clientHello(
        _ message: WireMessage, _ peer: PeerID, _ now: MonotonicInstant
    ) throws(WireError) {
        let hello: WireHello = try message.meta()
        if case .client(let key)? = peers[peer], let client = clients[key],
            client.sessionID == message.header.epoch, client.name == hello.name
        {
            // It has come twice: the session goes on with its work.
            client.lastHeard = now
            return welcome(client, message.header)
        }
        if let failure = refusal(of: hello, expected: [.client]) {
            return refuse(peer, message.header.answer(.failed), failure)
        }
        guard clients.count < settings.maxSessions else {
            return refuse(peer, message.header.answer(.failed), tooManySessions)
        }
        endSession(of: peer, why: "said hello again", now)
        for client in clients.values
        where client.sessionID == message.header.epoch && client.name == hello.name {
            removeClient(client.key, why: "came back on a new connection")
        }
        let granted =
            hello.resultWindow == 0
            ? ProtocolLimits.defaultResultWindow
            : min(Int(hello.resultWindow), ProtocolLimits.maxResultWindow)
        let client = ClientSession(
            key: ClientKey(number: nextNumber()), peer: peer, name: hello.name,
            sessionID: message.header.epoch, window: granted, lastHeard: now)
        clients[client.key] = client
        peers[peer] = .client(client.key)
        welcome(client, message.header)
    }

    private mutating func welcome(_ client: ClientSession, _ hello: Header) {
        var body = welcome(pingInterval: settings.clientPingInterval, settings.clientExpiry)
        body.resultWindow = UInt32(client.window)
        send(hello.answer(.welcome), body, to: client.peer)
    }

    /// Why a HELLO is not accepted, whatever the role; nil if it is.
    func refusal(of hello: WireHello, expected roles: [WireRole]) -> ItemFailure? {
        guard roles.contains(hello.role) else {
            let names = roles.map { "\($0)".uppercased() }.joined(separator: " or ")
            return ItemFailure(.badRequest, "HELLO on this endpoint must have the role \(names)")
        }
        guard hello.name.utf8.count <= 255 else {
            return ItemFailure(.badRequest, "HELLO: the name is longer than 255 bytes")
        }
        let version = UInt32(Header.version)
        let absent = !hello.hasVersions
        guard
            absent
                || (hello.versions.min...max(hello.versions.min, hello.versions.max))
                    .contains(version)
        else {
            return ItemFailure(
                .unsupported,
                "HELLO: this broker speaks protocol version \(version) only; the peer "
                    + "speaks \(hello.versions.min) to \(hello.versions.max)")
        }
        return nil
    }

    var tooManySessions: ItemFailure {
        var failure = ItemFailure(
            .busy, "this broker has \(settings.maxSessions) sessions, its limit; try later")
        failure.retryAfterMilliseconds = 1_000
        return failure
    }

    /// What every WELCOME says.
    func welcome(pingInterval: Duration, _ expiry: Duration) -> WireWelcome {
        var body = WireWelcome()
        body.broker = settings.name
        body.epoch = settings.epoch
        body.version = UInt32(Header.version)
        body.pingMs = pingInterval.wholeMilliseconds
        body.expiryMs = expiry.wholeMilliseconds
        body.maxMessageBytes = UInt64(ProtocolLimits.maxMessageBytes)
        body.maxItems = UInt32(ProtocolLimits.maxItems)
        body.maxOutstandingItems = UInt32(ProtocolLimits.maxOutstandingItems)
        body.maxHits = UInt32(ProtocolLimits.maxHits)
        body.healthCheckMs = configuration.healthCheckInterval.wholeMilliseconds
        body.defaultBudgetMs = configuration.timeout.wholeMilliseconds
        body.maxBudgetMs = ProtocolLimits.maxBudget.wholeMilliseconds
        return body
    }

    /// Ends a client's session; its work is cancelled and nothing more is sent to it.
    mutating func removeClient(_ key: ClientKey, why: String) {
        guard let client = clients.removeValue(forKey: key) else { return }
        earlyOrders.removeAll { $0.client == client.peer }
        peers[client.peer] = nil
        client.waiting = []
        accepting.removeAll { $0.client === client }
        for request in client.requests.values.sorted(by: { $0.firstItem < $1.firstItem }) {
            for offset in 0..<UInt64(request.itemCount) {
                discard(ItemID(number: request.firstItem.number + offset))
            }
        }
        log(.debug, "client '\(client.name)' \(why)")
    }

    /// Cancels one item, or all of a request. Unknown ones have ended already.
    private mutating func cancel(_ header: Header, _ key: ClientKey, _ now: MonotonicInstant) {
        guard let request = clients[key]?.requests[header.id] else { return }
        let failure = ItemFailure(.cancelled, "cancelled by the client")
        if header.index != Header.noItem {
            let item = request.item(at: header.index).flatMap { items[$0] }
            if let item { fail(item, failure, now) }
            return
        }
        // From the end, so that no item is started in place of an equal one before it.
        for offset in (0..<UInt64(request.itemCount)).reversed() {
            let item = items[ItemID(number: request.firstItem.number + offset)]
            if let item { fail(item, failure, now) }
        }
    }
}
