import TestSupport
import WireMessages
import WireProtocol

@testable import ClusterCore

extension PageStory {
    /// What our own client sends.
    static let machineStories = [PageStory("our client", client)]

    @Sendable private static func client(isJSON: Bool) throws -> [SentExample] {
        var client = try PageClient(isJSON: isJSON)
        try client.joinAndWait()
        try client.submit()
        try client.ask(.status, as: "status", .status, id: 3)
        try client.ask(.metrics, as: "metrics", .metrics, id: 6)
        for (id, verb) in ["configure", "node", "add", "drain", "remove", "start", "stop"]
            .enumerated()
        {
            let change: WireAdmin = try Page.message("admin-\(verb)", isJSON: isJSON).meta()
            // As 6 and 7 are other requests, the third verb has the number 8.
            try client.ask(
                .administer(change), as: "admin-\(verb)", .admin,
                id: UInt64(id < 2 ? 4 + id : 6 + id))
        }
        client.core.consumed = 32
        try client.take(.credit, as: "credit")
        client.core.close(at: client.now)
        try client.take(.goodbye, as: "goodbye")
        return client.sent
    }
}

/// Our client, with the page's session id.
struct PageClient {
    var core: ClientCore
    private(set) var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    private(set) var sent: [SentExample] = []
    private let isJSON: Bool

    /// Whatever is drawn, a session id is the page's.
    private struct SessionNumbers: RandomNumberGenerator, Sendable {
        // A number below 2^53 is the upper half of its product with one of 64 bits.
        func next() -> UInt64 { (Page.session - 1) << 11 + 1_024 }
    }

    init(isJSON: Bool) throws {
        self.isJSON = isJSON
        let settings = ClientSettings(name: "batch-7", brokerCount: 1, resultWindow: 64)
        core = ClientCore(settings: settings, now: now, random: SessionNumbers())
    }

    /// Takes the message with a command that it sends now, which an example shows.
    mutating func take(_ command: Command, as name: String) throws {
        core.endTurn(at: now)
        for case .send(let frames) in core.takeActions()
        where try WireMessage.decode(frames).header.command == command {
            sent.append(SentExample(name: name, frames: frames))
            return
        }
        throw Page.Missing(name: "a \(command.name) of the client")
    }

    mutating func joinAndWait() throws {
        try take(.hello, as: "hello")
        core.receive(try Page.example("welcome", isJSON: isJSON).frames, at: now)
        now = now + .seconds(1)
        try take(.ping, as: "ping")
    }

    /// A batch that is cancelled, and the page's.
    mutating func submit() throws {
        let ticket = ClientTicket(number: 1)
        core.submit(
            ClientBatch(settings: WireSubmit(), items: [WireItem()], budget: nil), as: ticket,
            at: now)
        core.endTurn(at: now)
        core.cancel(ticket, at: now)
        try take(.cancel, as: "cancel")

        core.lastRequest = 6
        let message = try Page.message("submit-together", isJSON: isJSON)
        var settings: WireSubmit = try message.meta()
        settings.withoutDone = false
        settings.resultsTogether = false
        settings.itemsTogether = false
        let items: WireItems = try message.body(0)
        core.submit(
            ClientBatch(settings: settings, items: items.items, budget: nil),
            as: ClientTicket(number: 2), at: now)
        try take(.submit, as: "submit-together")
    }

    mutating func ask(
        _ request: BrokerRequest, as name: String, _ command: Command, id: UInt64
    ) throws {
        core.lastRequest = id - 1
        core.ask(request, as: ClientTicket(number: 100 + id), within: .seconds(5), at: now)
        try take(command, as: name)
    }
}
