package import SwiftProtobuf
// The message types are part of this module's interface; its importers need no other module.
@_exported public import WireMessages

/// Any message of `Proto/`, for importers that do not import SwiftProtobuf.
package typealias WireBody = SwiftProtobuf.Message

/// The two encodings of one message: protobuf's binary form, and the JSON form of the same schema.
///
/// The JSON form has the field names of the `.proto` files, 64-bit integers as numbers and enum
/// values as names. Both decoders ignore fields they do not know, bound nesting by
/// `ProtocolLimits.maxNesting`, and never trap, whatever the bytes. Enum names that are not known are refused
/// in `Admin`, `Submit` and `Item`, and ignored in all other messages.
package enum WireCodec: Equatable, Sendable {
    case protobuf
    case json

    /// The encoded form of `message`.
    ///
    /// Two equal messages have the same encoded form. In JSON a message without content is `{}`.
    ///
    /// - Throws: `WireError.unencodableMessage` at 2 GiB and above.
    package func encode<Body: WireBody>(_ message: Body) throws(WireError) -> Frame {
        do {
            return switch self {
            case .protobuf: try message.serializedBytes()
            case .json: try message.jsonUTF8Bytes(options: WireCodec.jsonEncoding)
            }
        } catch {
            throw .unencodableMessage(type: Body.protoMessageName, reason: "\(error)")
        }
    }

    /// The message that `frame` holds; the default message if it is empty.
    ///
    /// - Throws: `WireError.malformedMessage`, or `.wrongMember` in JSON where the member can be named.
    package func decode<Body: WireBody>(
        _ type: Body.Type = Body.self, from frame: Frame
    ) throws(WireError) -> Body {
        guard !frame.isEmpty else { return Body() }
        if self == .json, let ruled = Body.self as? any RuledMessage.Type {
            // Most have nothing unknown, and are read once.
            if let message = try? Body(jsonUTF8Bytes: frame, options: Self.strictJSONDecoding) {
                return message
            }
            if let wrong = MemberRule.violation(in: frame, of: ruled.rules) { throw wrong }
        }
        do {
            return switch self {
            case .protobuf:
                try Body(serializedBytes: frame, options: WireCodec.binaryDecoding)
            case .json:
                try Body(jsonUTF8Bytes: frame, options: WireCodec.jsonDecoding)
            }
        } catch {
            throw .malformedMessage(
                type: Body.protoMessageName, reason: "invalid \(name): \(error)")
        }
    }

    private var name: String {
        switch self {
        case .protobuf: "protobuf"
        case .json: "JSON"
        }
    }

    private static let jsonEncoding: JSONEncodingOptions = {
        var options = JSONEncodingOptions()
        options.alwaysPrintInt64sAsNumbers = true
        options.preserveProtoFieldNames = true
        return options
    }()

    private static let strictJSONDecoding: JSONDecodingOptions = {
        var options = JSONDecodingOptions()
        options.messageDepthLimit = ProtocolLimits.maxNesting
        return options
    }()

    private static let jsonDecoding: JSONDecodingOptions = {
        var options = strictJSONDecoding
        options.ignoreUnknownFields = true
        return options
    }()

    private static let binaryDecoding: BinaryDecodingOptions = {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        options.messageDepthLimit = ProtocolLimits.maxNesting
        return options
    }()
}
