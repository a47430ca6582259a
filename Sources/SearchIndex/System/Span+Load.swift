/// Little-endian values read from bytes at any offset.
extension Span where Element == UInt8 {
    /// The integer at `byteOffset`, which must lie inside with all its bytes.
    @inline(__always)
    func loadInteger<Value: FixedWidthInteger & BitwiseCopyable>(
        at byteOffset: Int, as type: Value.Type
    ) -> Value {
        // The load checks the range; every bit pattern is a valid integer.
        Value(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: byteOffset, as: type))
    }
}

extension MutableSpan where Element == UInt8 {
    /// Stores an integer at `byteOffset`, little-endian; all its bytes must lie inside.
    @inline(__always)
    mutating func storeInteger<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, at byteOffset: Int
    ) {
        // The store checks the range; any bytes are valid ones.
        var bytes = unsafe mutableBytes
        bytes.storeBytes(of: value.littleEndian, toByteOffset: byteOffset, as: Value.self)
    }
}
