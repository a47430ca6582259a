/// One Unicode scalar decoded from UTF-8 bytes of unknown quality.
///
/// Malformed bytes decode to U+FFFD with the length of their maximal subpart (Unicode 15.0,
/// section 3.9, "U+FFFD Substitution of Maximal Subparts"), so decoding always advances.
struct UTF8Scalar: Equatable {
    /// The scalar's code point, at most 0x10FFFF, never a surrogate.
    let value: UInt32
    /// Bytes consumed, 1 to 4.
    let length: Int
    /// False when the bytes were malformed and `value` is the replacement character.
    let isWellFormed: Bool

    /// Decodes the scalar that starts at `offset`, which must lie inside `bytes`.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at offset: Int) {
        let first = bytes[offset]
        if first < 0x80 {
            self.init(value: UInt32(first), length: 1, isWellFormed: true)
        } else {
            self = Self.decodeMultibyte(bytes, at: offset, first: first)
        }
    }

    private init(value: UInt32, length: Int, isWellFormed: Bool) {
        self.value = value
        self.length = length
        self.isWellFormed = isWellFormed
    }

    private static func decodeMultibyte(
        _ bytes: Span<UInt8>, at offset: Int, first: UInt8
    ) -> UTF8Scalar {
        let following: Int
        var value: UInt32
        // The second byte has a narrower range after some first bytes (Unicode table 3-7).
        var allowed: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: (following, value) = (1, UInt32(first & 0x1F))
        case 0xE0...0xEF:
            (following, value) = (2, UInt32(first & 0x0F))
            if first == 0xE0 { allowed = 0xA0...0xBF }
            if first == 0xED { allowed = 0x80...0x9F }
        case 0xF0...0xF4:
            (following, value) = (3, UInt32(first & 0x07))
            if first == 0xF0 { allowed = 0x90...0xBF }
            if first == 0xF4 { allowed = 0x80...0x8F }
        default: return malformed(length: 1)
        }
        for index in 1...following {
            guard offset + index < bytes.count, allowed.contains(bytes[offset + index]) else {
                return malformed(length: index)
            }
            value = value << 6 | UInt32(bytes[offset + index] & 0x3F)
            allowed = 0x80...0xBF
        }
        return UTF8Scalar(value: value, length: following + 1, isWellFormed: true)
    }

    private static func malformed(length: Int) -> UTF8Scalar {
        UTF8Scalar(value: 0xFFFD, length: length, isWellFormed: false)
    }
}

extension UTF8Scalar {
    /// Whether the scalar has Unicode's property White_Space.
    var isWhiteSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
            0x205F, 0x3000:
            true
        default: false
        }
    }
}

/// The UTF-8 form of a scalar, for writers that need no `String`.
enum UTF8Encoder {
    /// The most bytes one scalar takes.
    static let maximumLength = 4

    /// Calls `body` with each byte of `scalar`'s UTF-8 form, in order.
    @inline(__always)
    static func encode(_ scalar: UInt32, _ body: (UInt8) -> Void) {
        let continuation = { (shift: UInt32) in
            UInt8(truncatingIfNeeded: scalar >> shift & 0x3F | 0x80)
        }
        switch scalar {
        case 0..<0x80: body(UInt8(truncatingIfNeeded: scalar))
        case 0x80..<0x800:
            body(UInt8(truncatingIfNeeded: scalar >> 6 | 0xC0))
            body(continuation(0))
        case 0x800..<0x10000:
            body(UInt8(truncatingIfNeeded: scalar >> 12 | 0xE0))
            body(continuation(6))
            body(continuation(0))
        default:
            body(UInt8(truncatingIfNeeded: scalar >> 18 & 0x07 | 0xF0))
            body(continuation(12))
            body(continuation(6))
            body(continuation(0))
        }
    }
}
