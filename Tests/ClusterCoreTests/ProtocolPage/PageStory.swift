import TestSupport
import WireMessages
import WireProtocol

@testable import ClusterCore

/// A message that one of our machines has sent, and the example of `docs/protocol.md` that shows it.
struct SentExample: Sendable {
    let name: String
    let frames: [Frame]
    /// In front of the header, of a message that is published.
    var topic: String?

    /// Whether its meta and messages are JSON.
    var isJSON: Bool { frames[0][5] & HeaderFlags.json.rawValue != 0 }
}

/// A piece of what the page tells, played by our machines.
///
/// What comes from outside (the messages of a client, or of a worker that speaks JSON) are examples of
/// the page itself; everything else a machine sends, and it goes to the machine that it is for.
struct PageStory: Sendable, CustomStringConvertible {
    let description: String
    /// Plays it; what comes from outside is in JSON or not.
    let play: @Sendable (_ isJSON: Bool) throws -> [SentExample]

    init(_ description: String, _ play: @escaping @Sendable (Bool) throws -> [SentExample]) {
        self.description = description
        self.play = play
    }

    static let all = clientStories + workerStories + adminStories + machineStories
}

/// An example of the page, by its name.
enum Page {
    struct Missing: Error {
        let name: String
    }

    private static let examples = Result { try ProtocolExample.read() }

    static func example(_ name: String, isJSON: Bool) throws -> ProtocolExample {
        guard
            let example = try examples.get().first(where: {
                $0.name == name && $0.isJSON == isJSON
            })
        else { throw Missing(name: "\(name), JSON \(isJSON)") }
        return example
    }

    /// The message of an example.
    static func message(_ name: String, isJSON: Bool) throws -> WireMessage {
        try WireMessage.decode(example(name, isJSON: isJSON).frames)
    }

    /// The client's session id in the examples.
    static let session: UInt64 = 20_015_998_343_868
    /// The broker's epoch in the examples.
    static let epoch: UInt64 = 4_242_424_242_424_242
}
