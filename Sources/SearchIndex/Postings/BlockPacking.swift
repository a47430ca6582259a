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
    static func width(of values: Span<UInt32>) -> Int {
        var union: UInt32 = 0
        for index in values.indices { union |= values[index] }
        return 32 - union.leadingZeroBitCount
    }

    /// Appends 128 values in the vertical layout; each must fit `width` bits.
    static func pack(_ values: Span<UInt32>, width: Int, to bytes: inout [UInt8]) {
        precondition(values.count == blockLength, "a block has \(blockLength) values")
        guard width > 0 else { return }
        bytes.append(addingCapacity: blockBytes(width: width)) { output in
            var words = SIMD4<UInt32>.zero
            var filled = 0
            for row in stride(from: 0, to: blockLength, by: 4) {
                let next = SIMD4(values[row], values[row + 1], values[row + 2], values[row + 3])
                words |= next &<< UInt32(truncatingIfNeeded: filled)
                filled += width
                guard filled >= 32 else { continue }
                append(words, to: &output)
                filled -= 32
                // What of the row did not fit; a shift by the whole width would shift by none.
                words = filled > 0 ? next &>> UInt32(truncatingIfNeeded: width - filled) : .zero
            }
        }
    }

    @inline(__always)
    private static func append(_ words: SIMD4<UInt32>, to output: inout OutputSpan<UInt8>) {
        for lane in 0..<4 {
            for byte in 0..<4 {
                output.append(UInt8(truncatingIfNeeded: words[lane] >> UInt32(8 * byte)))
            }
        }
    }

    /// Reads `count` plainly packed values into the places of `values` from `first` on.
    static func unpackPlain(
        _ bytes: Span<UInt8>, at byteOffset: Int, count: Int, width: Int,
        into values: inout [UInt32], from first: Int = 0
    ) {
        let size = plainBytes(count: count, width: width)
        precondition(size <= bytes.count - byteOffset)
        if size + 8 <= bytes.count - byteOffset {
            unpackWords(
                bytes, at: byteOffset, count: count, width: width, into: &values, from: first)
        } else {
            unpackBytes(
                bytes, at: byteOffset, count: count, width: width, into: &values, from: first)
        }
    }

    /// The same where eight bytes can be read from the first byte of every value: 7 bits before it
    /// and 32 of its own fit.
    @inline(__always)
    private static func unpackWords(
        _ bytes: Span<UInt8>, at byteOffset: Int, count: Int, width: Int,
        into values: inout [UInt32], from first: Int
    ) {
        var values = values.mutableSpan
        let mask: UInt64 = (1 << UInt64(width)) - 1
        var bit = 0
        for index in 0..<count {
            let word = bytes.loadInteger(at: byteOffset &+ bit >> 3, as: UInt64.self)
            values[first &+ index] = UInt32(truncatingIfNeeded: word >> UInt64(bit & 7) & mask)
            bit &+= width
        }
    }

    private static func unpackBytes(
        _ bytes: Span<UInt8>, at byteOffset: Int, count: Int, width: Int,
        into values: inout [UInt32], from first: Int
    ) {
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
            values[first + index] = UInt32(truncatingIfNeeded: buffer & mask)
            buffer >>= UInt64(width)
            bits -= width
        }
    }

    /// Appends values plainly: one stream of `width` bits each, low bits first.
    static func packPlain(_ values: Span<UInt32>, width: Int, to bytes: inout [UInt8]) {
        guard width > 0 else { return }
        bytes.append(addingCapacity: plainBytes(count: values.count, width: width)) { output in
            var buffer: UInt64 = 0
            var bits = 0
            for index in values.indices {
                buffer |= UInt64(values[index]) << UInt64(bits)
                bits += width
                while bits >= 8 {
                    output.append(UInt8(truncatingIfNeeded: buffer))
                    buffer >>= 8
                    bits -= 8
                }
            }
            if bits > 0 { output.append(UInt8(truncatingIfNeeded: buffer)) }
        }
    }
}
