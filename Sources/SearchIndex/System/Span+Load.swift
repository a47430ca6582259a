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
