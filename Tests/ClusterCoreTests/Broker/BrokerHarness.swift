import SearchIndex
import WireProtocol

@testable import ClusterCore

/// A broker between peers that exist only as lists of messages.
final class BrokerHarness {
    var broker: Broker
    private(set) var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    private var inbox: [PeerID: [WireMessage]] = [:]
    private(set) var logs: [String] = []
    private var published: [[Frame]] = []
    /// What the shell would say to METRICS.
    var metricsText: String? = "metrics"
    /// Peers that PING with every step of `advance`.
    var alive: [PeerID] = []
    /// The session id of each client that said HELLO; 7 of the others.
    fileprivate var sessions: [PeerID: UInt64] = [:]
    private var lastPeer: UInt32 = 0

    static let epoch: UInt64 = 4_242

    init(_ change: (inout BrokerSettings) -> Void = { _ in }) {
        var settings = BrokerSettings(name: "b1", epoch: Self.epoch)
        change(&settings)
        broker = Broker(settings: settings, now: now)
    }

    func session(of peer: PeerID) -> UInt64 { sessions[peer] ?? 7 }

    func newPeer(_ link: Link) -> PeerID {
        lastPeer += 1
        return PeerID(link: link, routingID: Array("\(lastPeer)".utf8))
    }

    var hasEnoughForTurn: Bool { broker.hasEnoughForTurn }

    /// Whether each delivery ends a turn.
    var endsTurns = true

    /// Delivers frames as they are and ends the turn.
    func deliver(_ frames: [Frame], from peer: PeerID) {
        broker.receive(frames, from: peer, at: now)
        if endsTurns { endTurn() }
    }

    func deliver(_ header: Header, _ meta: some WireBody, body: [Frame] = [], from peer: PeerID) {
        let message = WireMessage(header, frames: [header.codec.encodeOwn(meta)] + body)
        deliver(message.encoded(), from: peer)
    }

    func endTurn() {
        broker.endTurn(at: now)
        for action in broker.takeActions() {
            switch action {
            case .log(_, let text): logs.append(text)
            case .publish(let frames): published.append(frames)
            case .describeMetrics(let request):
                broker.answerMetrics(request, text: metricsText)
                endTurn()
            case .send(let frames, let peer):
                if let message = try? WireMessage.decode(frames) {
                    inbox[peer, default: []].append(message)
                }
            }
        }
    }

    /// Lets time pass in steps of 50 ms, with a PING of every peer in `alive` at each.
    func advance(_ duration: Duration) {
        let end = now + duration
        while now < end {
            now = min(end, now + .milliseconds(50))
            for peer in alive { ping(peer) }
            endTurn()
        }
    }

    /// Lets time pass without a turn, as when the broker's process is stopped.
    func pause(_ duration: Duration) { now = now + duration }

    func ping(_ peer: PeerID) {
        let epoch = peer.link == .worker ? Self.epoch : session(of: peer)
        let message = WireMessage(Header(.ping, epoch: epoch))
        broker.receive(message.encoded(), from: peer, at: now)
        inbox[peer]?.removeAll { $0.header.command == .pong }
    }

    func unreachable(_ peer: PeerID) {
        alive.removeAll { $0 == peer }
        broker.sendFailed(to: peer, blocked: false, at: now)
        endTurn()
    }

    /// Takes what was sent to a peer, except PONG.
    func take(_ peer: PeerID) -> [WireMessage] {
        defer { inbox[peer] = nil }
        return (inbox[peer] ?? []).filter { $0.header.command != .pong }
    }

    /// Takes what was sent to a peer, and gives the PONGs of it.
    func takePongs(_ peer: PeerID) -> [WireMessage] {
        defer { inbox[peer] = nil }
        return (inbox[peer] ?? []).filter { $0.header.command == .pong }
    }

    /// Takes the events that were published, each with its topic.
    func takeEvents() throws -> [(topic: String, event: WireBrokerEvent)] {
        defer { published = [] }
        return try published.map { frames in
            (
                String(decoding: frames[0], as: UTF8.self),
                try WireMessage.decode(Array(frames.dropFirst())).meta()
            )
        }
    }

    func take(_ peer: PeerID, _ command: Command) -> [WireMessage] {
        let taken = take(peer)
        inbox[peer] = taken.filter { $0.header.command != command }
        return taken.filter { $0.header.command == command }
    }

    /// Whether nothing is left of any item.
    var isEmpty: Bool { broker.isIdle }

    var status: WireStatusReply { broker.status(now) }
}

/// Queries of which no two are equal: a word with a number each.
func distinct(_ word: String, _ count: Int) -> [String] {
    (0..<count).map { "\(word)\($0)" }
}

// MARK: Clients

extension BrokerHarness {
    /// Joins a client that stays alive.
    func client(
        _ name: String = "c", session: UInt64 = 7, window: UInt32 = 64, json: Bool = false
    ) -> PeerID {
        let peer = newPeer(.client)
        var hello = WireHello()
        hello.role = .client
        hello.name = name
        hello.resultWindow = window
        sessions[peer] = session
        deliver(Header(.hello, flags: json ? .json : [], epoch: session), hello, from: peer)
        alive.append(peer)
        return peer
    }

    func submit(
        _ texts: [String], as request: UInt64 = 1, from peer: PeerID, budget: UInt32 = 0,
        json: Bool = false, priority: UInt8 = Header.defaultPriority, session: UInt64? = nil,
        _ change: (inout WireSubmit) -> Void = { $0.documents = .none }
    ) {
        var settings = WireSubmit()
        change(&settings)
        let header = Header(
            .submit, flags: json ? .json : [], priority: priority, id: request,
            epoch: session ?? self.session(of: peer), budgetMilliseconds: budget)
        let items = texts.map { text in
            var item = WireItem()
            item.text = text
            return header.codec.encodeOwn(item)
        }
        deliver(header, settings, body: items, from: peer)
    }

    func credit(_ count: UInt32, from peer: PeerID) {
        var credit = WireCredit()
        credit.results = count
        deliver(Header(.credit, epoch: session(of: peer)), credit, from: peer)
    }

    func cancel(_ request: UInt64, item: UInt32 = Header.noItem, from peer: PeerID) {
        deliver(
            Header(.cancel, id: request, epoch: session(of: peer), index: item), WireCancel(),
            from: peer)
    }

    /// Takes the failures that a client was sent.
    func failures(_ peer: PeerID) throws -> [WireFailed] {
        try take(peer, .failed).map { try $0.meta() }
    }

    func done(_ peer: PeerID) throws -> [WireDone] {
        try take(peer, .done).map { try $0.meta() }
    }
}
