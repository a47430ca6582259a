/// Finding a byte.
extension Span where Element == UInt8 {
    /// The offset of the next `byte` from `start` on, or the end; looks at eight bytes at once.
    @inline(__always)
    package func nextOffset(of byte: UInt8, from start: Int) -> Int {
        let each: UInt64 = 0x0101_0101_0101_0101
        var offset = start
        while count - offset >= 8 {
            // A byte of `word` is zero where the wanted one is; the classic zero-byte test, whose
            // lowest find is right.
            let word = loadInteger(at: offset, as: UInt64.self) ^ (each * UInt64(byte))
            let zeros = (word &- each) & ~word & (each * 0x80)
            if zeros != 0 { return offset + zeros.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < count, self[offset] != byte { offset += 1 }
        return offset
    }
}
