import WireMessages
import WireProtocol

/// The items of one SUBMIT as they came: octets, in a frame each or all in one.
struct SubmittedItems {
    /// In what each is encoded.
    let codec: WireCodec
    /// Each at its first octet, whatever it is encoded in.
    private let items: [ProtobufReader]

    var count: Int { items.count }

    /// A reader at the first octet of an item that is in protobuf.
    subscript(position: Int) -> ProtobufReader { items[position] }

    /// The octets of an item.
    func octets(at position: Int) -> ArraySlice<UInt8> { items[position].rest }

    /// An item's hash, by which equal ones are found.
    func hash(at position: Int, seed: UInt64) -> UInt64 {
        ContentHash(octets(at: position).span, seed: seed).value
    }

    /// Octets of all items.
    var byteCount: Int { items.reduce(0) { $0 + $1.rest.count } }

    /// O(items).
    ///
    /// - Throws: `WireError.noItems`, `.tooManyItems`, or `.malformedMessage` for a frame that is not
    ///   `Items`; what an item is itself does not matter here.
    init(_ message: WireMessage, _ submit: WireSubmit) throws(WireError) {
        let isOneFrame = submit.itemsTogether
        items =
            isOneFrame
            ? try Self.list(try message.bodyFrame(0), in: message.header.codec)
            : message.frames.dropFirst().map { ProtobufReader($0) }
        codec = isOneFrame ? .protobuf : message.header.codec
        try Self.check(items.count)
    }

    /// The items of a frame, in protobuf.
    private static func list(_ frame: Frame, in codec: WireCodec) throws(WireError)
        -> [ProtobufReader]
    {
        if codec == .protobuf, let items = list(frame) { return items }
        let body = try codec.decode(WireItems.self, from: frame)
        // Before each is encoded again.
        try check(body.items.count)
        return body.items.map { ProtobufReader(WireCodec.protobuf.encodeOwn($0)) }
    }

    private static func check(_ count: Int) throws(WireError) {
        guard count > 0 else { throw .noItems }
        guard count <= ProtocolLimits.maxItems else { throw .tooManyItems(found: count) }
    }

    /// The items where they stand in a frame, one more than there may be at the most; nil if it has
    /// anything else.
    private static func list(_ frame: Frame) -> [ProtobufReader]? {
        var items: [ProtobufReader] = []
        var reader = ProtobufReader(frame)
        while !reader.isAtEnd, items.count <= ProtocolLimits.maxItems {
            guard let item = reader.nextInList() else { return nil }
            items.append(item)
        }
        return items
    }
}
