package import WireMessages

/// Why bytes from a peer are no message of this protocol, or a message cannot be sent.
package enum WireError: Error, Equatable, Sendable {
    /// A message without any frame.
    case missingHeader
    /// The first frame ends too early.
    case truncatedHeader(byteCount: Int)
    /// The first frame goes on after the header.
    case oversizedHeader(byteCount: Int)
    /// The first frame does not start with `Header.magic`.
    case badMagic(found: [UInt8])
    /// A header of another protocol version.
    case unsupportedVersion(found: UInt8)
    /// A command number that version 1 does not define.
    case unknownCommand(found: UInt8)
    /// A flag bit that version 1 does not define.
    case reservedFlags(found: UInt8)
    /// A priority above `Header.maxPriority`.
    case priorityOutOfRange(found: UInt8)
    /// A frame that the command needs is not there; `position` counts from the header, 0.
    case missingFrame(command: Command, position: Int, count: Int)
    /// A meta or message body that is not of its type.
    case malformedMessage(type: String, reason: String)
    /// A member of a JSON message that cannot be what it is; `path` leads to it through the objects around.
    case wrongMember(path: [String], value: String, expected: String)
    /// A message of ours that has no encoded form, for example because it is too large.
    case unencodableMessage(type: String, reason: String)
    /// Packed hits that contradict themselves or the frame of ids.
    case malformedHits(reason: String)
    /// More frames than `ProtocolLimits.maxFrames`.
    case tooManyFrames(found: Int)
    /// A SUBMIT without items.
    case noItems
    /// A SUBMIT with more items than `ProtocolLimits.maxItems`.
    case tooManyItems(found: Int)
    /// A message of more octets than its kind may have.
    case tooLarge(command: Command, byteCount: Int, limit: Int)

    /// The code for a FAILED that tells the sender.
    package var code: WireErrorCode {
        switch self {
        case .unsupportedVersion, .unknownCommand, .reservedFlags: .unsupported
        case .tooManyFrames, .tooLarge: .tooLarge
        case .unencodableMessage: .internal
        case .missingHeader, .truncatedHeader, .oversizedHeader, .badMagic, .priorityOutOfRange,
            .missingFrame, .malformedMessage, .wrongMember, .malformedHits, .noItems, .tooManyItems:
            .badRequest
        }
    }
}

extension WireError: CustomStringConvertible {
    /// One sentence: what is wrong, and what was expected.
    package var description: String {
        switch self {
        case .missingHeader, .truncatedHeader, .oversizedHeader, .badMagic, .unsupportedVersion,
            .unknownCommand, .reservedFlags, .priorityOutOfRange:
            headerDescription
        case .missingFrame(let command, let position, let count):
            "\(command.name): frame \(position) is missing: the message has only \(count) frames, "
                + "the header included"
        case .malformedMessage(let type, let reason):
            "not a \(type) message: \(reason)"
        case .wrongMember(let path, let value, let expected):
            "\(path.joined(separator: ": ")) \(value); expected \(expected)"
        case .unencodableMessage(let type, let reason):
            "a \(type) message cannot be encoded: \(reason)"
        case .malformedHits(let reason):
            "packed hits: \(reason)"
        case .tooManyFrames(let found):
            "\(found) frames in one message; expected at most \(ProtocolLimits.maxFrames)"
        case .noItems:
            "SUBMIT without items; expected 1 to \(ProtocolLimits.maxItems), each in a frame of "
                + "its own after the meta"
        case .tooManyItems(let found):
            "SUBMIT of \(found) items; expected at most \(ProtocolLimits.maxItems): "
                + "send several SUBMITs"
        case .tooLarge(let command, let byteCount, let limit):
            "\(command.name) of \(byteCount) bytes; expected at most \(limit)"
        }
    }

    private var headerDescription: String {
        let length = Header.byteCount
        return switch self {
        case .truncatedHeader(let byteCount):
            "header of \(byteCount) bytes; expected \(length)"
        case .oversizedHeader(let byteCount):
            "header of \(byteCount) bytes; expected \(length): the meta is a frame of its own"
        case .badMagic(let found):
            "header starts with \(hex(found)); expected \(hex(Header.magic)), \"SWF\""
        case .unsupportedVersion(let found):
            "protocol version \(found); expected \(Header.version): the versions spoken here are "
                + "\(Header.version) to \(Header.version)"
        case .unknownCommand(let found):
            "command \(found) is unknown in protocol version \(Header.version)"
        case .reservedFlags(let found):
            "flags \(hex([found])) have reserved bits; expected only bits of "
                + hex([HeaderFlags.known.rawValue])
        case .priorityOutOfRange(let found):
            "priority \(found); expected 0 to \(Header.maxPriority)"
        default:
            "message without frames; expected a header of \(length) bytes first"
        }
    }
}

/// Octets as two hexadecimal digits each, separated by spaces.
private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0\(digits)" : digits
    }.joined(separator: " ")
}
