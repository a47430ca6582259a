import SearchIndex
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// What a client's last SUBMIT said is not read again, and never taken for what another one says.
struct SubmitDefaultsTests {
    private static func message(
        limit: UInt32, flags: HeaderFlags = [], indexes: [String] = []
    ) throws -> WireMessage {
        var submit = WireSubmit()
        submit.limit = limit
        submit.indexes = indexes
        return try WireMessage(Header(.submit, flags: flags), meta: submit)
    }

    private let client = ClientSession(
        key: ClientKey(number: 1), peer: PeerID(link: .client, routingID: [1]), name: "c",
        sessionID: 7, window: 64, lastHeard: MonotonicInstant(nanoseconds: 0))

    @Test func `the same octets are read once, for all of their plain items`() throws {
        let first = try client.defaults(of: try Self.message(limit: 3), merge: .scoreDescending)
        let again = try client.defaults(of: try Self.message(limit: 3), merge: .scoreDescending)
        #expect(first === again)
        #expect(try first.settingsOfPlainItems() === again.settings(of: WireItem()))
        #expect(try again.settingsOfPlainItems().limit == 3)
    }

    @Test func `other settings, another encoding or another configuration are read anew`() throws {
        let first = try client.defaults(of: try Self.message(limit: 3), merge: .scoreDescending)
        let other = try client.defaults(of: try Self.message(limit: 4), merge: .scoreDescending)
        #expect(try first !== other && other.settingsOfPlainItems().limit == 4)
        let text = try client.defaults(
            of: try Self.message(limit: 4, flags: .json), merge: .scoreDescending)
        #expect(try other !== text && text.settingsOfPlainItems().limit == 4)
        let configured = try client.defaults(
            of: try Self.message(limit: 4, flags: .json), merge: .nodeOrder)
        #expect(try text !== configured && configured.settingsOfPlainItems().merge == .nodeOrder)
    }

    @Test func `what cannot be read is not kept, and what is large neither`() throws {
        let message = WireMessage(Header(.submit), frames: [[0xFF]])
        for _ in 0..<2 {
            #expect(throws: WireError.self) {
                try client.defaults(of: message, merge: .scoreDescending)
            }
        }
        let large = try Self.message(limit: 3, indexes: [String(repeating: "i", count: 5_000)])
        let first = try client.defaults(of: large, merge: .scoreDescending)
        #expect(try client.defaults(of: large, merge: .scoreDescending) !== first)
    }
}
