/// One multipart message without the routing id: a header, its meta and what follows.
///
/// ```
/// [header: 32 octets][frames[0]: meta][frames[1]: body 0][frames[2]: body 1]…
/// ```
package struct WireMessage: Equatable, Sendable {
    package var header: Header
    /// The frames after the header: the meta, then the body frames. May be empty.
    package var frames: [Frame]

    /// A message whose meta is encoded in the codec that the header's flags name.
    ///
    /// - Parameter body: frames after the meta, in order, already encoded.
    /// - Throws: `WireError.unencodableMessage`.
    package init<Meta: WireBody>(
        _ header: Header, meta: Meta, body: [Frame] = []
    ) throws(WireError) {
        self.init(header, frames: [try header.codec.encode(meta)] + body)
    }

    /// A message of ready-made frames, the meta first.
    package init(_ header: Header, frames: [Frame] = []) {
        self.header = header
        self.frames = frames
    }

    /// Reads a message as it came from the socket, the routing id removed.
    ///
    /// Looks only at the header and at the number of frames; meta and bodies are decoded when
    /// they are asked for. On an error, `Header.refusal(of:)` says whether to answer.
    ///
    /// - Throws: `WireError` about the header, or `tooManyFrames`.
    package static func decode(_ frames: [Frame]) throws(WireError) -> WireMessage {
        guard let first = frames.first else { throw .missingHeader }
        let header = try Header.decode(first)
        guard frames.count <= ProtocolLimits.maxFrames else {
            throw .tooManyFrames(found: frames.count)
        }
        return WireMessage(header, frames: Array(frames.dropFirst()))
    }

    /// The frames to send, the header first.
    package func encoded() -> [Frame] {
        var encoded: [Frame] = []
        encoded.reserveCapacity(1 + frames.count)
        encoded.append(header.encoded())
        encoded.append(contentsOf: frames)
        return encoded
    }

    /// The meta, in the codec of the header; the default message if its frame is empty or absent.
    ///
    /// - Throws: `WireError.malformedMessage`.
    package func meta<Meta: WireBody>(_ type: Meta.Type = Meta.self) throws(WireError) -> Meta {
        try header.codec.decode(type, from: frames.first ?? [])
    }

    /// How many frames follow the meta.
    package var bodyCount: Int { max(frames.count - 1, 0) }

    /// The message in a body frame, in the codec of the header.
    ///
    /// - Parameter position: from 0, the frame after the meta.
    /// - Throws: `WireError.missingFrame` or `WireError.malformedMessage`.
    package func body<Body: WireBody>(
        _ position: Int, as type: Body.Type = Body.self
    ) throws(WireError) -> Body {
        try header.codec.decode(type, from: bodyFrame(position))
    }

    /// The octets of a body frame.
    ///
    /// - Parameter position: from 0, the frame after the meta.
    /// - Throws: `WireError.missingFrame`.
    package func bodyFrame(_ position: Int) throws(WireError) -> Frame {
        guard position >= 0, position < bodyCount else {
            throw .missingFrame(
                command: header.command, position: position + 2, count: frames.count + 1)
        }
        return frames[position + 1]
    }

    /// Octets of all frames, the header included.
    package var byteCount: Int {
        frames.reduce(Header.byteCount) { $0 + $1.count }
    }

    /// Refuses a message that is larger than its kind may be.
    ///
    /// - Throws: `WireError.tooLarge`.
    package func checkLimits() throws(WireError) {
        let limit =
            header.command == .submit
            ? ProtocolLimits.maxSubmitBytes : ProtocolLimits.maxMessageBytes
        guard byteCount <= limit else {
            throw .tooLarge(command: header.command, byteCount: byteCount, limit: limit)
        }
    }
}
