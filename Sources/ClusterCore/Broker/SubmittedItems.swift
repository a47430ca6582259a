import WireMessages
import WireProtocol

/// The items of one SUBMIT as they came: octets, in a frame each or all in one.
struct SubmittedItems {
    /// In what each is encoded.
    let codec: WireCodec
    private let items: [Octets]

    /// One item's message.
    struct Octets {
        private let frame: Frame
        private let range: Range<Int>

        init(_ frame: Frame, _ range: Range<Int>? = nil) {
            self.frame = frame
            self.range = range ?? 0..<frame.count
        }

        var count: Int { range.count }
        var reader: ProtobufReader { ProtobufReader(frame, range) }
        var slice: ArraySlice<UInt8> { frame[range] }

        /// Its hash, by which equal items are found.
        func hash(seed: UInt64) -> UInt64 {
            ContentHash(frame.span.extracting(range), seed: seed).value
        }
    }

    var count: Int { items.count }

    subscript(position: Int) -> Octets { items[position] }

    /// Octets of all items.
    var byteCount: Int { items.reduce(0) { $0 + $1.count } }

    /// O(items).
    ///
    /// - Throws: `WireError.noItems`, `.tooManyItems`, or `.malformedMessage` for a frame that is not
    ///   `Items`; what an item is itself does not matter here.
    init(_ message: WireMessage, _ submit: WireSubmit) throws(WireError) {
        let isOneFrame = submit.itemsTogether
        items =
            isOneFrame
            ? try Self.list(try message.bodyFrame(0), in: message.header.codec)
            : message.frames.dropFirst().map { Octets($0) }
        codec = isOneFrame ? .protobuf : message.header.codec
        try Self.check(items.count)
    }

    /// The items of a frame, in protobuf.
    private static func list(_ frame: Frame, in codec: WireCodec) throws(WireError) -> [Octets] {
        if codec == .protobuf, let items = list(frame) { return items }
        let body = try codec.decode(WireItems.self, from: frame)
        // Before each is encoded again.
        try check(body.items.count)
        return body.items.map { Octets(WireCodec.protobuf.encodeOwn($0)) }
    }

    private static func check(_ count: Int) throws(WireError) {
        guard count > 0 else { throw .noItems }
        guard count <= ProtocolLimits.maxItems else { throw .tooManyItems(found: count) }
    }

    /// The items where they stand in a frame, one more than there may be at the most; nil if it has
    /// anything else.
    private static func list(_ frame: Frame) -> [Octets]? {
        var items: [Octets] = []
        var reader = ProtobufReader(frame)
        while !reader.isAtEnd, items.count <= ProtocolLimits.maxItems {
            guard reader.nextField() == 1, let place = reader.place() else { return nil }
            items.append(Octets(frame, place))
        }
        return items
    }
}
