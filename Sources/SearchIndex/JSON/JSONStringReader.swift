/// Scanning and unescaping of JSON strings (RFC 8259 section 7).
enum JSONStringReader {
    /// Finds the end of a string and checks every byte of it.
    static func scan(
        _ bytes: Span<UInt8>, openingQuote: Int
    ) throws(JSONError) -> JSONText {
        let start = openingQuote + 1
        var offset = start
        var hasEscapes = false
        while true {
            offset = endOfPlain(bytes, from: offset)
            guard offset < bytes.count else { break }
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                return JSONText(range: start..<offset, hasEscapes: hasEscapes)
            } else if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                offset = try endOfEscape(bytes, at: offset)
            } else if byte >= 0x80 {
                let scalar = UTF8Scalar(bytes, at: offset)
                guard scalar.isWellFormed else {
                    throw JSONError(byteOffset: offset, reason: .invalidUTF8)
                }
                offset += scalar.length
            } else {
                throw JSONError(byteOffset: offset, reason: .unescapedControl(byte))
            }
        }
        throw JSONError(byteOffset: bytes.count, reason: .unexpectedEnd)
    }

    /// The scalar that an escape at `offset` stands for, and the offset behind it.
    ///
    /// The escape was checked by `scan`; a malformed one gives U+FFFD.
    static func decodeEscape(_ bytes: Span<UInt8>, at offset: Int) -> (scalar: UInt32, end: Int) {
        guard offset + 1 < bytes.count else { return (0xFFFD, bytes.count) }
        let simple: UInt32? =
            switch bytes[offset + 1] {
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "t"): 0x09
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0C
            case UInt8(ascii: "u"): nil
            default: UInt32(bytes[offset + 1])
            }
        if let simple { return (simple, offset + 2) }
        guard let high = hexDigits(bytes, at: offset + 2) else { return (0xFFFD, offset + 2) }
        guard high & 0xFC00 == 0xD800 else { return (high, offset + 6) }
        guard let low = hexDigits(bytes, at: offset + 8) else { return (0xFFFD, offset + 6) }
        return (0x10000 + (high & 0x3FF) << 10 + low & 0x3FF, offset + 12)
    }

    /// The offset of the next byte that is not plain, or the end; looks at eight bytes at once.
    @inline(__always)
    private static func endOfPlain(_ bytes: Span<UInt8>, from start: Int) -> Int {
        let each: UInt64 = 0x0101_0101_0101_0101
        var offset = start
        while bytes.count - offset >= 8 {
            let word = bytes.loadInteger(at: offset, as: UInt64.self)
            let quotes = word ^ (each * UInt64(UInt8(ascii: "\"")))
            let slashes = word ^ (each * UInt64(UInt8(ascii: "\\")))
            // The highest bit of a byte is set where it was, or where the subtraction borrows; the
            // lowest one found is right, as borrows go upwards only.
            let special =
                (word &- each * 0x20) | word | (quotes &- each) & ~quotes
                | (slashes &- each) & ~slashes
            let found = special & (each * 0x80)
            if found != 0 { return offset + found.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < bytes.count, isPlain(bytes[offset]) { offset += 1 }
        return offset
    }

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func endOfEscape(
        _ bytes: Span<UInt8>, at offset: Int
    ) throws(JSONError) -> Int {
        guard offset + 1 < bytes.count else {
            throw JSONError(byteOffset: bytes.count, reason: .unexpectedEnd)
        }
        switch bytes[offset + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return offset + 2
        case UInt8(ascii: "u"):
            return try endOfUnicodeEscape(bytes, at: offset)
        default:
            throw JSONError(byteOffset: offset, reason: .badEscape)
        }
    }

    private static func endOfUnicodeEscape(
        _ bytes: Span<UInt8>, at offset: Int
    ) throws(JSONError) -> Int {
        guard let unit = hexDigits(bytes, at: offset + 2) else {
            throw JSONError(byteOffset: offset, reason: .badEscape)
        }
        guard unit & 0xF800 == 0xD800 else { return offset + 6 }
        guard unit & 0xFC00 == 0xD800, offset + 7 < bytes.count,
            bytes[offset + 6] == UInt8(ascii: "\\"), bytes[offset + 7] == UInt8(ascii: "u"),
            let low = hexDigits(bytes, at: offset + 8), low & 0xFC00 == 0xDC00
        else {
            throw JSONError(byteOffset: offset, reason: .unpairedSurrogate)
        }
        return offset + 12
    }

    /// The value of four hexadecimal digits, or nil when they are not there.
    private static func hexDigits(_ bytes: Span<UInt8>, at offset: Int) -> UInt32? {
        guard offset + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for index in offset..<offset + 4 {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                value = value << 4 | UInt32((byte | 0x20) - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}

extension JSONScanner {
    /// Appends the content of a scanned string, escapes resolved, to `buffer`.
    public static func unescape(
        _ text: JSONText, of bytes: Span<UInt8>, into buffer: inout [UInt8]
    ) {
        guard text.hasEscapes else {
            buffer.append(copying: bytes.extracting(text.range))
            return
        }
        buffer.reserveCapacity(buffer.count + text.range.count)
        let bytes = bytes.extracting(..<text.range.upperBound)
        var offset = text.range.lowerBound
        while true {
            let escape = bytes.nextOffset(of: UInt8(ascii: "\\"), from: offset)
            buffer.append(copying: bytes.extracting(offset..<escape))
            guard escape < bytes.count else { break }
            let (scalar, end) = JSONStringReader.decodeEscape(bytes, at: escape)
            UTF8Encoder.encode(scalar) { buffer.append($0) }
            offset = min(end, bytes.count)
        }
    }

    /// Reads the string that follows into `buffer`, which it empties first.
    public mutating func readString(
        _ bytes: Span<UInt8>, into buffer: inout [UInt8]
    ) throws(JSONError) {
        let text = try readText(bytes)
        buffer.removeAll(keepingCapacity: true)
        Self.unescape(text, of: bytes, into: &buffer)
    }
}
