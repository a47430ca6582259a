import SearchIndex
import TestSupport
import WireMessages
import WireProtocol

@testable import ClusterCore

/// The page's broker, its peers, and the clock of all of them.
final class PageBroker {
    var broker: Broker
    private(set) var now: MonotonicInstant
    /// Whether what comes from outside is JSON.
    let isJSON: Bool
    /// What the machines have sent so far, as far as the page shows it.
    private(set) var sent: [SentExample] = []
    private var outbox: [PeerID: [WireMessage]] = [:]
    private var published: [[Frame]] = []
    private var lastPeer: UInt8 = 0

    init(isJSON: Bool) {
        self.isJSON = isJSON
        now = MonotonicInstant(nanoseconds: 1_000_000_000)
        broker = Broker(
            settings: BrokerSettings(name: "broker1", epoch: Page.epoch), now: now)
    }

    func newPeer(_ link: Link) -> PeerID {
        lastPeer += 1
        return PeerID(link: link, routingID: [lastPeer])
    }

    /// A client that has been welcomed.
    func client() throws -> PeerID {
        let peer = newPeer(.client)
        try deliver("hello", from: peer)
        try record("welcome", .welcome, to: peer)
        return peer
    }

    /// An example of the page comes from a peer.
    func deliver(_ name: String, from peer: PeerID) throws {
        deliver(try Page.example(name, isJSON: isJSON).frames, from: peer)
    }

    func deliver(_ frames: [Frame], from peer: PeerID, endsTurn: Bool = true) {
        broker.receive(frames, from: peer, at: now)
        if endsTurn { endTurn() }
    }

    /// The numbers that the broker gives out go on behind this one.
    func numbers(after last: UInt64) { broker.lastNumber = last }

    /// Lets time pass, and ends a turn.
    func pause(_ duration: Duration) {
        now = now + duration
        endTurn()
    }

    func endTurn() {
        broker.endTurn(at: now)
        for action in broker.takeActions() {
            switch action {
            case .log: break
            case .publish(let frames): published.append(frames)
            case .describeMetrics(let request):
                broker.answerMetrics(request, text: Self.metrics)
                endTurn()
            case .send(let frames, let peer):
                if let message = try? WireMessage.decode(frames) {
                    outbox[peer, default: []].append(message)
                }
            }
        }
    }

    private static let metrics = """
        # TYPE broker_inflight_calls gauge
        broker_inflight_calls{broker="b1"} 2

        """

    /// Takes the first message with a command that was sent to a peer.
    func take(_ command: Command, to peer: PeerID) throws -> WireMessage {
        let messages = outbox[peer] ?? []
        guard let place = messages.firstIndex(where: { $0.header.command == command }) else {
            throw Page.Missing(name: "a \(command.name) to \(peer), of \(messages.map(\.header))")
        }
        return outbox[peer]?.remove(at: place) ?? messages[place]
    }

    /// Takes all messages that were sent to a peer.
    func takeAll(to peer: PeerID) -> [WireMessage] { outbox.removeValue(forKey: peer) ?? [] }

    /// The first message with a command that was sent to a peer is what an example shows.
    @discardableResult
    func record(_ name: String, _ command: Command, to peer: PeerID) throws -> WireMessage {
        let message = try take(command, to: peer)
        record(name, message)
        return message
    }

    /// A message of some machine is what an example shows.
    func record(_ name: String, _ message: WireMessage) {
        sent.append(SentExample(name: name, frames: message.encoded()))
    }

    /// The first event that was published is what an example shows.
    func recordEvent(_ name: String) throws {
        guard !published.isEmpty else { throw Page.Missing(name: "an event for \(name)") }
        recordPublished(name, published.removeFirst())
    }

    func recordPublished(_ name: String, _ frames: [Frame]) {
        sent.append(
            SentExample(
                name: name, frames: Array(frames.dropFirst()),
                topic: String(decoding: frames[0], as: UTF8.self)))
    }
}
