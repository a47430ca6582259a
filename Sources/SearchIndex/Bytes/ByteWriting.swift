/// The format's integers, appended to bytes: little-endian, and LEB128 for varints.
extension [UInt8] {
    mutating func append(uint16 value: UInt16) {
        append(UInt8(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value >> 8))
    }

    mutating func append(uint32 value: UInt32) {
        append(uint16: UInt16(truncatingIfNeeded: value))
        append(uint16: UInt16(truncatingIfNeeded: value >> 16))
    }

    mutating func append(uint64 value: UInt64) {
        append(uint32: UInt32(truncatingIfNeeded: value))
        append(uint32: UInt32(truncatingIfNeeded: value >> 32))
    }

    /// The lower 40 bits.
    mutating func append(uint40 value: UInt64) {
        append(uint32: UInt32(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value >> 32))
    }

    /// Seven bits a byte, the lowest first, the high bit set on all bytes but the last (LEB128).
    mutating func append(varint value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
