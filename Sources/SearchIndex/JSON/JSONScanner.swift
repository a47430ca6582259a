/// A strict pull scanner over the bytes of one JSON document (RFC 8259).
///
/// The scanner holds only its place; every call takes the same bytes again, so that nothing is
/// copied and no lifetime is tied. It allocates nothing per value. A document is valid when every
/// value was read or skipped and `finish` returned. Beyond the RFC's grammar it refuses escapes
/// of lone surrogates, a byte order mark, and nesting deeper than `maximumDepth`.
///
/// Order of calls: `enterObject`, then `nextMember` until it returns nil; after each member
/// exactly one of `readText`, `readNumber`, `readBool`, `skipValue`, `enterObject` or
/// `enterArray`; `nextElement` likewise inside arrays; `finish` last. Time is linear in the bytes.
public struct JSONScanner: Sendable {
    /// How deep objects and arrays may be nested.
    public static let maximumDepth = 64

    /// The next byte to look at, as an offset into the document.
    public private(set) var byteOffset = 0
    /// The unescaped bytes of the key that `nextMember` read last.
    public private(set) var key: [UInt8] = []

    private var depth = 0
    /// Bit d is set while the container at depth d+1 has not given its first value yet.
    private var awaitsFirst: UInt64 = 0
    /// Bit d is set when the container at depth d+1 is an object.
    private var isObject: UInt64 = 0

    /// A scanner at the start of a document.
    public init() {}

    /// Returns to the start of a document; keeps the key's storage.
    public mutating func reset() {
        byteOffset = 0
        depth = 0
        awaitsFirst = 0
        isObject = 0
        key.removeAll(keepingCapacity: true)
    }

    /// Skips white space and tells the kind of the value that follows.
    public mutating func peekKind(_ bytes: Span<UInt8>) throws(JSONError) -> JSONKind {
        let byte = try peek(bytes)
        switch byte {
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw unexpected(byte, expected: "a value")
        }
    }

    /// Enters the object that follows.
    public mutating func enterObject(_ bytes: Span<UInt8>) throws(JSONError) {
        try require(.object, bytes)
        try enter(object: true)
    }

    /// Enters the array that follows.
    public mutating func enterArray(_ bytes: Span<UInt8>) throws(JSONError) {
        try require(.array, bytes)
        try enter(object: false)
    }

    /// Reads the next key of the current object into `key`.
    ///
    /// - Returns: The kind of the member's value, or nil at the end of the object, which it leaves.
    public mutating func nextMember(_ bytes: Span<UInt8>) throws(JSONError) -> JSONKind? {
        guard try advance(bytes, close: UInt8(ascii: "}")) else { return nil }
        let byte = try peek(bytes)
        guard byte == UInt8(ascii: "\"") else { throw unexpected(byte, expected: "a key") }
        let text = try scanText(bytes)
        key.removeAll(keepingCapacity: true)
        Self.unescape(text, of: bytes, into: &key)
        try consume(UInt8(ascii: ":"), "':'", bytes)
        return try peekKind(bytes)
    }

    /// Moves to the next element of the current array.
    ///
    /// - Returns: The element's kind, or nil at the end of the array, which it leaves.
    public mutating func nextElement(_ bytes: Span<UInt8>) throws(JSONError) -> JSONKind? {
        guard try advance(bytes, close: UInt8(ascii: "]")) else { return nil }
        return try peekKind(bytes)
    }

    /// Checks that nothing but white space follows.
    public mutating func finish(_ bytes: Span<UInt8>) throws(JSONError) {
        precondition(depth == 0, "finish inside a container, depth \(depth)")
        skipWhiteSpace(bytes)
        if byteOffset < bytes.count { throw error(.trailingBytes) }
    }

    /// Reads the string that follows.
    public mutating func readText(_ bytes: Span<UInt8>) throws(JSONError) -> JSONText {
        try require(.string, bytes)
        return try scanText(bytes)
    }

    /// Reads the number that follows.
    ///
    /// - Returns: The offsets of its text, which follows RFC 8259 section 6.
    public mutating func readNumber(_ bytes: Span<UInt8>) throws(JSONError) -> Range<Int> {
        try require(.number, bytes)
        let end = try JSONNumber.end(of: bytes, from: byteOffset)
        defer { byteOffset = end }
        return byteOffset..<end
    }

    /// Reads `true` or `false`.
    public mutating func readBool(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        try require(.bool, bytes)
        let isTrue = bytes[byteOffset] == UInt8(ascii: "t")
        try consume(word: isTrue ? "true" : "false", bytes)
        return isTrue
    }

    /// Reads `null`.
    public mutating func readNull(_ bytes: Span<UInt8>) throws(JSONError) {
        try require(.null, bytes)
        try consume(word: "null", bytes)
    }

    /// Validates and passes over the value that follows, however deep.
    public mutating func skipValue(_ bytes: Span<UInt8>) throws(JSONError) {
        let outside = depth
        var kind: JSONKind? = try peekKind(bytes)
        while let current = kind {
            switch current {
            case .object: try enterObject(bytes)
            case .array: try enterArray(bytes)
            case .string: _ = try scanText(bytes)
            case .number: _ = try readNumber(bytes)
            case .bool: _ = try readBool(bytes)
            case .null: try readNull(bytes)
            }
            kind = nil
            while depth > outside, kind == nil { kind = try nextOfEither(bytes) }
        }
    }
}

extension JSONScanner {
    private mutating func nextOfEither(_ bytes: Span<UInt8>) throws(JSONError) -> JSONKind? {
        guard isObject >> UInt64(depth - 1) & 1 == 1 else { return try nextElement(bytes) }
        guard try advance(bytes, close: UInt8(ascii: "}")) else { return nil }
        let byte = try peek(bytes)
        guard byte == UInt8(ascii: "\"") else { throw unexpected(byte, expected: "a key") }
        _ = try scanText(bytes)
        try consume(UInt8(ascii: ":"), "':'", bytes)
        return try peekKind(bytes)
    }

    private mutating func enter(object: Bool) throws(JSONError) {
        guard depth < Self.maximumDepth else { throw error(.tooDeep) }
        let bit = UInt64(1) << UInt64(depth)
        awaitsFirst |= bit
        if object { isObject |= bit } else { isObject &= ~bit }
        depth += 1
        byteOffset += 1
    }

    /// Passes the comma before the next value, or the container's closing byte.
    private mutating func advance(_ bytes: Span<UInt8>, close: UInt8) throws(JSONError) -> Bool {
        precondition(depth > 0, "no container is open")
        let bit = UInt64(1) << UInt64(depth - 1)
        let isFirst = awaitsFirst & bit != 0
        awaitsFirst &= ~bit
        let byte = try peek(bytes)
        if byte == close {
            byteOffset += 1
            depth -= 1
            return false
        }
        if isFirst { return true }
        guard byte == UInt8(ascii: ",") else {
            throw unexpected(
                byte, expected: close == UInt8(ascii: "}") ? "',' or '}'" : "',' or ']'")
        }
        byteOffset += 1
        return true
    }

    private mutating func require(
        _ expected: JSONKind, _ bytes: Span<UInt8>
    ) throws(JSONError) {
        let found = try peekKind(bytes)
        if found != expected { throw error(.wrongKind(found: found, expected: expected)) }
    }

    private mutating func consume(
        _ byte: UInt8, _ name: String, _ bytes: Span<UInt8>
    ) throws(JSONError) {
        let found = try peek(bytes)
        guard found == byte else { throw unexpected(found, expected: name) }
        byteOffset += 1
    }

    private mutating func consume(word: String, _ bytes: Span<UInt8>) throws(JSONError) {
        for byte in word.utf8 {
            guard byteOffset < bytes.count else { throw error(.unexpectedEnd) }
            guard bytes[byteOffset] == byte else {
                throw unexpected(bytes[byteOffset], expected: word)
            }
            byteOffset += 1
        }
    }

    private mutating func peek(_ bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
        skipWhiteSpace(bytes)
        guard byteOffset < bytes.count else { throw error(.unexpectedEnd) }
        return bytes[byteOffset]
    }

    private mutating func skipWhiteSpace(_ bytes: Span<UInt8>) {
        while byteOffset < bytes.count {
            switch bytes[byteOffset] {
            case 0x20, 0x0A, 0x0D, 0x09: byteOffset += 1
            default: return
            }
        }
    }

    /// Scans the string whose opening quote is at `byteOffset`.
    private mutating func scanText(_ bytes: Span<UInt8>) throws(JSONError) -> JSONText {
        let text = try JSONStringReader.scan(bytes, openingQuote: byteOffset)
        byteOffset = text.range.upperBound + 1
        return text
    }

    private func unexpected(_ byte: UInt8, expected: String) -> JSONError {
        error(.unexpectedByte(byte, expected: expected))
    }

    private func error(_ reason: JSONError.Reason) -> JSONError {
        JSONError(byteOffset: byteOffset, reason: reason)
    }
}
