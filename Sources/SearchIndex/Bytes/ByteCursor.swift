/// A place in bytes that it reads onwards from; never passes the end.
struct ByteCursor {
    /// The offset of the next byte.
    private(set) var byteOffset: Int

    init(at byteOffset: Int = 0) { self.byteOffset = byteOffset }

    /// Reads a little-endian integer of fixed width.
    mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: Span<UInt8>, as type: Value.Type = Value.self
    ) throws(Malformed) -> Value {
        let start = try skip(Value.bitWidth / 8, bytes)
        return bytes.loadInteger(at: start, as: type)
    }

    /// Reads an unsigned integer in LEB128: seven bits a byte, low bits first.
    @inline(__always)
    mutating func varint(_ bytes: Span<UInt8>) throws(Malformed) -> UInt64 {
        if byteOffset >= 0, byteOffset < bytes.count, bytes[byteOffset] < 0x80 {
            defer { byteOffset += 1 }
            return UInt64(bytes[byteOffset])
        }
        return try longVarint(bytes)
    }

    private mutating func longVarint(_ bytes: Span<UInt8>) throws(Malformed) -> UInt64 {
        let start = byteOffset
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while byteOffset >= 0, byteOffset < bytes.count, shift < 64 {
            let byte = bytes[byteOffset]
            byteOffset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                if shift == 63 && byte > 1 { break }
                return value
            }
            shift += 7
        }
        throw Malformed(at: start, expected: "a varint of at most 64 bits")
    }

    /// Reads a varint that counts or measures something, at most `limit`.
    mutating func length(
        _ bytes: Span<UInt8>, limit: Int, of what: String
    ) throws(Malformed) -> Int {
        let start = byteOffset
        let value = try varint(bytes)
        guard limit >= 0, value <= UInt64(limit) else {
            throw Malformed(at: start, expected: "\(what) of at most \(limit)", found: "\(value)")
        }
        return Int(value)
    }

    /// Passes over `count` bytes and returns where they start.
    @discardableResult
    mutating func skip(_ count: Int, _ bytes: Span<UInt8>) throws(Malformed) -> Int {
        let start = byteOffset
        guard start >= 0, start <= bytes.count, count >= 0, count <= bytes.count - start else {
            throw Malformed(
                at: start, expected: "\(count) bytes", found: "the end after \(bytes.count)")
        }
        byteOffset += count
        return start
    }
}

extension UInt64 {
    /// How many bytes the value takes in LEB128.
    var varintByteCount: Int { Swift.max(1, (UInt64.bitWidth - leadingZeroBitCount + 6) / 7) }
}

/// Writing of the same encodings.
extension [UInt8] {
    /// Appends a little-endian integer of fixed width.
    mutating func appendInteger<Value: FixedWidthInteger>(_ value: Value) {
        append(addingCapacity: Value.bitWidth / 8) { output in
            for byte in 0..<Value.bitWidth / 8 {
                output.append(UInt8(truncatingIfNeeded: value >> (8 * byte)))
            }
        }
    }

    /// Appends an unsigned integer in LEB128.
    mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
