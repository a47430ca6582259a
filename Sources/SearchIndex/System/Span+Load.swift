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

    /// The four 32-bit lanes at `byteOffset`, which must lie inside with all 16 bytes.
    @inline(__always)
    func loadLanes(at byteOffset: Int) -> SIMD4<UInt32> {
        // The load checks the range; every bit pattern is a valid vector.
        let lanes = unsafe bytes.unsafeLoadUnaligned(
            fromByteOffset: byteOffset, as: SIMD4<UInt32>.self)
        #if _endian(big)
        return SIMD4(
            lanes.x.byteSwapped, lanes.y.byteSwapped, lanes.z.byteSwapped, lanes.w.byteSwapped)
        #else
        return lanes
        #endif
    }
}
