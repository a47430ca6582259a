/// Bit packing of 128 values in the vertical layout, and of fewer values plainly.
///
/// Vertical layout (D. Lemire and L. Boytsov, "Decoding billions of integers per second through
/// vectorization", 2015, section 4): value i lies in lane i mod 4; a lane is a stream of 32 values
/// of `width` bits, low bits first, in `width` 32-bit words; word w of the four lanes is stored as
/// 16 consecutive bytes.
enum BlockPacking {
    /// The values of a full block.
    static let blockLength = SegmentFormat.blockLength
    /// The greatest width in bits.
    static let maximumWidth = 32

    /// The bytes of a full block of values of `width` bits.
    static func blockBytes(width: Int) -> Int { 16 * width }

    /// The bytes of `count` values of `width` bits packed plainly.
    static func plainBytes(count: Int, width: Int) -> Int { (count * width + 7) / 8 }

    /// The bits that the greatest of `values` needs, 0 when all are zero.
    static func width(of values: ArraySlice<UInt32>) -> Int {
        var union: UInt32 = 0
        for value in values { union |= value }
        return 32 - union.leadingZeroBitCount
    }

    /// Appends 128 values in the vertical layout; each must fit `width` bits.
    static func pack(_ values: ArraySlice<UInt32>, width: Int, to bytes: inout [UInt8]) {
        precondition(values.count == blockLength, "a block has \(blockLength) values")
        var words = [UInt32](repeating: 0, count: 4 * width)
        for (index, value) in values.enumerated() where width > 0 {
            let bit = index / 4 * width
            let word = bit / 32 * 4 + index % 4
            let shift = bit % 32
            words[word] |= value << UInt32(shift)
            if shift + width > 32 { words[word + 4] |= value >> UInt32(32 - shift) }
        }
        for word in words { bytes.appendInteger(word) }
    }

    /// Reads `count` plainly packed values into the first places of `values`.
    static func unpackPlain(
        _ bytes: Span<UInt8>, at byteOffset: Int, count: Int, width: Int,
        into values: inout [UInt32]
    ) {
        precondition(plainBytes(count: count, width: width) <= bytes.count - byteOffset)
        let mask: UInt64 = (1 << UInt64(width)) - 1
        var buffer: UInt64 = 0
        var bits = 0
        var next = byteOffset
        for index in 0..<count {
            while bits < width {
                buffer |= UInt64(bytes[next]) << UInt64(bits)
                next += 1
                bits += 8
            }
            values[index] = UInt32(truncatingIfNeeded: buffer & mask)
            buffer >>= UInt64(width)
            bits -= width
        }
    }

    /// Appends values plainly: one stream of `width` bits each, low bits first.
    static func packPlain(_ values: ArraySlice<UInt32>, width: Int, to bytes: inout [UInt8]) {
        var buffer: UInt64 = 0
        var bits = 0
        for value in values {
            buffer |= UInt64(value) << UInt64(bits)
            bits += width
            while bits >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: buffer))
                buffer >>= 8
                bits -= 8
            }
        }
        if bits > 0 { bytes.append(UInt8(truncatingIfNeeded: buffer)) }
    }
}
