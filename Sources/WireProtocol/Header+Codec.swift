/// Where each field of the header starts, in octets.
private enum Offset {
    static let magic = 0
    static let version = 3
    static let command = 4
    static let flags = 5
    static let priority = 6
    static let attempt = 7
    static let id = 8
    static let epoch = 16
    static let index = 24
    static let budget = 28
}

extension Header {
    /// Reads a header that came from a peer.
    ///
    /// The magic and the version are judged before the length, so that a peer of another version
    /// is told apart from one that speaks another protocol.
    ///
    /// - Throws: `WireError` naming the first octet that is not as it must be.
    package static func decode(_ frame: Frame) throws(WireError) -> Header {
        guard frame.count > Offset.version else { throw .truncatedHeader(byteCount: frame.count) }
        guard frame[0] == magic[0], frame[1] == magic[1], frame[2] == magic[2] else {
            throw .badMagic(found: Array(frame[Offset.magic..<Offset.version]))
        }
        guard frame[Offset.version] == version else {
            throw .unsupportedVersion(found: frame[Offset.version])
        }
        guard frame.count >= byteCount else { throw .truncatedHeader(byteCount: frame.count) }
        guard frame.count == byteCount else { throw .oversizedHeader(byteCount: frame.count) }
        guard let command = Command(rawValue: frame[Offset.command]) else {
            throw .unknownCommand(found: frame[Offset.command])
        }
        let flags = HeaderFlags(rawValue: frame[Offset.flags])
        guard HeaderFlags.known.isSuperset(of: flags) else {
            throw .reservedFlags(found: flags.rawValue)
        }
        guard frame[Offset.priority] <= maxPriority else {
            throw .priorityOutOfRange(found: frame[Offset.priority])
        }
        return Header(
            command,
            flags: flags,
            priority: frame[Offset.priority],
            attempt: frame[Offset.attempt],
            id: LittleEndian.load(UInt64.self, from: frame.span, at: Offset.id),
            epoch: LittleEndian.load(UInt64.self, from: frame.span, at: Offset.epoch),
            index: LittleEndian.load(UInt32.self, from: frame.span, at: Offset.index),
            budgetMilliseconds: LittleEndian.load(UInt32.self, from: frame.span, at: Offset.budget))
    }

    /// The 32 octets of this header.
    package func encoded() -> Frame {
        var frame = Frame()
        frame.append(addingCapacity: Header.byteCount) { output in
            for octet in Header.magic { output.append(octet) }
            output.append(Header.version)
            output.append(command.rawValue)
            output.append(flags.rawValue)
            output.append(priority)
            output.append(attempt)
            LittleEndian.append(id, to: &output)
            LittleEndian.append(epoch, to: &output)
            LittleEndian.append(index, to: &output)
            LittleEndian.append(budgetMilliseconds, to: &output)
        }
        return frame
    }

    /// The header of the FAILED that answers a message whose own header, or number of frames,
    /// was refused; nil if the sender cannot be told, and the message is to be dropped and counted.
    ///
    /// Works for every version, because length, magic, JSON flag, id and epoch keep their places
    /// in all of them. A FAILED is never answered, so that two peers cannot bounce one for ever.
    ///
    /// - Parameter frame: the first frame of the message.
    package static func refusal(of frame: Frame) -> Header? {
        guard frame.count == byteCount, frame.starts(with: magic),
            frame[Offset.command] != Command.failed.rawValue
        else { return nil }
        let asked = HeaderFlags(rawValue: frame[Offset.flags])
        return Header(
            .failed,
            flags: asked.intersection(.json).union(.final),
            id: LittleEndian.load(UInt64.self, from: frame.span, at: Offset.id),
            epoch: LittleEndian.load(UInt64.self, from: frame.span, at: Offset.epoch),
            index: noItem)
    }
}
