/// Little-endian integers in mapped bytes. Each load is checked against the span's bounds and traps
/// outside them, so callers first check lengths that come from a file.
extension RawSpan {
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        // Safe: the load is bounds-checked, and every bit pattern is a UInt8.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    func uint16(at offset: Int) -> UInt16 {
        // Safe: the load is bounds-checked, and every bit pattern is a UInt16.
        UInt16(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inline(__always)
    func uint32(at offset: Int) -> UInt32 {
        // Safe: the load is bounds-checked, and every bit pattern is a UInt32.
        UInt32(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    func uint64(at offset: Int) -> UInt64 {
        // Safe: the load is bounds-checked, and every bit pattern is a UInt64.
        UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    func fourUInt32(at offset: Int) -> SIMD4<UInt32> {
        // Safe: the load is bounds-checked, and every bit pattern is four UInt32.
        let value = unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD4<UInt32>.self)
        #if _endian(big)
            return SIMD4(value[0].littleEndian, value[1].littleEndian, value[2].littleEndian,
                value[3].littleEndian)
        #else
            return value
        #endif
    }

    /// A copy of a part.
    func bytes(in range: Range<Int>) -> [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(range.count)
        let part = extracting(range)
        // Safe: the pointer is used within the closure only.
        unsafe part.withUnsafeBytes { unsafe copy.append(contentsOf: $0) }
        return copy
    }
}
