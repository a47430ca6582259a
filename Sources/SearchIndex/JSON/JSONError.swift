/// Why bytes are not the JSON document that was expected, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong at the offset.
    public enum Reason: Hashable, Sendable {
        /// The bytes end inside a value.
        case unexpectedEnd
        /// A byte stands where the grammar allows none like it.
        case unexpectedByte(UInt8, expected: String)
        /// The value is of another kind than the reader needs.
        case wrongKind(found: JSONKind, expected: JSONKind)
        /// A string holds a control character below U+0020 that is not escaped.
        case unescapedControl(UInt8)
        /// A backslash is followed by something that is no escape.
        case badEscape
        /// A `\u` escape names one half of a surrogate pair alone.
        case unpairedSurrogate
        /// A string holds bytes that are not UTF-8.
        case invalidUTF8
        /// A number does not follow RFC 8259 section 6.
        case badNumber
        /// A number is valid but outside the range the reader can take.
        case numberOutOfRange
        /// Objects and arrays are nested deeper than `JSONScanner.maximumDepth`.
        case tooDeep
        /// Bytes other than white space follow the document.
        case trailingBytes
    }

    /// The offset of the offending byte from the start of the document, in bytes.
    public let byteOffset: Int
    /// What is wrong there.
    public let reason: Reason

    /// An error at `byteOffset`.
    public init(byteOffset: Int, reason: Reason) {
        self.byteOffset = byteOffset
        self.reason = reason
    }

    /// One sentence with offset and reason.
    public var description: String { "JSON error at byte \(byteOffset): \(explanation)" }

    private var explanation: String {
        switch reason {
        case .unexpectedEnd: "the document ends inside a value"
        case .unexpectedByte(let byte, let expected):
            "found \(Self.name(of: byte)), expected \(expected)"
        case .wrongKind(let found, let expected): "found \(found), expected \(expected)"
        case .unescapedControl(let byte):
            "control character \(Self.name(of: byte)) in a string must be escaped"
        case .badEscape: "unknown escape in a string"
        case .unpairedSurrogate: "escape of half a surrogate pair"
        case .invalidUTF8: "a string is not valid UTF-8"
        case .badNumber: "malformed number"
        case .numberOutOfRange: "number out of range"
        case .tooDeep: "nested deeper than \(JSONScanner.maximumDepth) levels"
        case .trailingBytes: "unexpected bytes after the document"
        }
    }

    private static func name(of byte: UInt8) -> String {
        if byte > 0x20 && byte < 0x7F { return "'\(Character(Unicode.Scalar(byte)))'" }
        let digits = String(byte, radix: 16, uppercase: true)
        return "byte 0x\(digits.count < 2 ? "0" : "")\(digits)"
    }
}

/// The kind of a JSON value, known from its first byte.
public enum JSONKind: Hashable, Sendable, CustomStringConvertible {
    /// A string, a number, `true` or `false`, `null`, an object, an array.
    case string, number, bool, null, object, array

    /// The kind's name with its article, for error messages.
    public var description: String {
        switch self {
        case .string: "a string"
        case .number: "a number"
        case .bool: "true or false"
        case .null: "null"
        case .object: "an object"
        case .array: "an array"
        }
    }
}

/// A string value's place in the scanned bytes.
public struct JSONText: Hashable, Sendable {
    /// The bytes between the quotes, as offsets into the document; escapes are still in them.
    public let range: Range<Int>
    /// Whether the bytes hold escapes; without any they are the string's content.
    public let hasEscapes: Bool
}
