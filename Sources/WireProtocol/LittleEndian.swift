/// Unsigned integers as octets, least significant first.
enum LittleEndian {
    /// Appends the octets of `value`, for which there is room.
    static func append<Value: FixedWidthInteger & UnsignedInteger>(
        _ value: Value, to output: inout OutputSpan<UInt8>
    ) {
        for octet in 0..<Value.bitWidth / 8 {
            output.append(UInt8(truncatingIfNeeded: value &>> Value(8 * octet)))
        }
    }

    /// The value whose octets begin at `offset`. The caller has checked that all of them exist.
    @inline(__always)
    static func load<Value: FixedWidthInteger & UnsignedInteger>(
        _: Value.Type, from octets: Span<UInt8>, at offset: Int
    ) -> Value {
        let byteCount = Value.bitWidth / 8
        precondition(
            offset >= 0 && octets.count - byteCount >= offset,
            "\(byteCount) octets at \(offset) asked of \(octets.count)")
        let octets = octets.extracting(offset..<offset + byteCount)
        var value: Value = 0
        for position in 0..<byteCount {
            value |= Value(truncatingIfNeeded: octets[position]) &<< Value(8 * position)
        }
        return value
    }
}
