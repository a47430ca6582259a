/// Unsigned integers as octets, least significant first.
enum LittleEndian {
    /// Appends the octets of `value` to `frame`.
    static func append<Value: FixedWidthInteger & UnsignedInteger>(
        _ value: Value, to frame: inout Frame
    ) {
        var rest = value
        for _ in 0..<(Value.bitWidth / 8) {
            frame.append(UInt8(truncatingIfNeeded: rest))
            rest = Value(truncatingIfNeeded: UInt64(rest) >> 8)
        }
    }

    /// The value whose octets begin at `offset`. The caller has checked that all of them exist.
    static func load<Value: FixedWidthInteger & UnsignedInteger>(
        _: Value.Type, from frame: Frame, at offset: Int
    ) -> Value {
        let byteCount = Value.bitWidth / 8
        precondition(
            offset >= 0 && frame.count - byteCount >= offset,
            "\(byteCount) octets at \(offset) asked of a frame of \(frame.count)")
        let octets = frame.span.extracting(offset..<offset + byteCount)
        var value: Value = 0
        for position in 0..<byteCount {
            value |= Value(truncatingIfNeeded: octets[position]) &<< Value(8 * position)
        }
        return value
    }
}
