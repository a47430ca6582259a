import WireProtocol

/// A message whose octets in both encodings stand in `docs/protocol.md` under its name.
struct GoldenMessage: Sendable, CustomStringConvertible {
    let name: String
    /// Without the JSON flag.
    let header: Header
    let meta: any WireBody
    var bodies: [Body] = []

    enum Body: Sendable {
        case message(any WireBody)
        case octets(Frame)
    }

    var description: String { name }

    /// The message in one encoding.
    func encoded(isJSON: Bool) throws -> WireMessage {
        var header = header
        if isJSON { header.flags.insert(.json) }
        var frames: [Frame] = []
        for body in bodies {
            switch body {
            case .message(let message): frames.append(try header.codec.encode(message))
            case .octets(let octets): frames.append(octets)
            }
        }
        return try WireMessage(header, meta: meta, body: frames)
    }

    /// Whether the meta and the bodies of a received message are those of this one.
    func matches(_ message: WireMessage) throws -> Bool {
        guard try isMeta(meta, of: message), message.bodyCount == bodies.count else {
            return false
        }
        for (position, body) in bodies.enumerated() {
            switch body {
            case .message(let expected):
                guard try isBody(expected, position, of: message) else { return false }
            case .octets(let octets):
                guard try message.bodyFrame(position) == octets else { return false }
            }
        }
        return true
    }

    private func isMeta<Meta: WireBody>(_ expected: Meta, of message: WireMessage) throws -> Bool {
        try same(message.meta(Meta.self), expected)
    }

    private func isBody<Item: WireBody>(
        _ expected: Item, _ position: Int, of message: WireMessage
    ) throws -> Bool {
        try same(message.body(position, as: Item.self), expected)
    }

    private func same<Item: WireBody>(_ one: Item, _ other: Item) throws -> Bool {
        try WireCodec.protobuf.encode(one) == WireCodec.protobuf.encode(other)
    }

    /// The client's session id in the examples.
    static let session: UInt64 = 20_015_998_343_868
    /// The broker's epoch in the examples.
    static let brokerEpoch: UInt64 = 4_242_424_242_424_242
    static let all =
        clientLink + answers + status + workerLink + tasks + results + kinds + traces
        + administration
}

/// A message with its fields set.
func make<Body: WireBody>(_ empty: Body, _ fill: (inout Body) -> Void) -> Body {
    var message = empty
    fill(&message)
    return message
}
