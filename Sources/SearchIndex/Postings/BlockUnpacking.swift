/// The kernels that unpack full blocks of 128 values, written out for every width.
///
/// The vertical layout of `BlockPacking` is read four values at a time: one load, shift and mask a
/// row, with every offset and shift known to the compiler. Measured: 35 to 50 ns a block, a third
/// of the loop that takes the width as a variable.
enum BlockUnpacking {
    /// Reads 128 values, `addend` added to each, into the first 128 places of `values`.
    ///
    /// `width` is 0 to 32; the block's 16 * width bytes must lie inside `bytes`.
    static func values(
        _ bytes: Span<UInt8>, at byteOffset: Int, width: Int, adding addend: UInt32,
        into values: inout [UInt32]
    ) {
        check(bytes, byteOffset, width, values)
        // The range and the room for 128 values were checked; every bit pattern is a valid integer.
        unsafe bytes.withUnsafeBytes { source in
            unsafe values.withUnsafeMutableBytes { target in
                let addend = SIMD4<UInt32>(repeating: addend)
                unsafe dispatch(
                    Kernel(
                        source: source.baseAddress?.advanced(by: byteOffset),
                        target: target.baseAddress, start: addend),
                    width: width, isSum: false)
            }
        }
    }

    /// Reads 128 differences to the value four places before, the first four to `base`.
    ///
    /// Sums wrap around; conditions as for `values`.
    static func differences(
        _ bytes: Span<UInt8>, at byteOffset: Int, width: Int, base: UInt32,
        into values: inout [UInt32]
    ) {
        check(bytes, byteOffset, width, values)
        // As above.
        unsafe bytes.withUnsafeBytes { source in
            unsafe values.withUnsafeMutableBytes { target in
                let base = SIMD4<UInt32>(repeating: base)
                unsafe dispatch(
                    Kernel(
                        source: source.baseAddress?.advanced(by: byteOffset),
                        target: target.baseAddress, start: base),
                    width: width, isSum: true)
            }
        }
    }

    private static func check(
        _ bytes: Span<UInt8>, _ byteOffset: Int, _ width: Int, _ values: [UInt32]
    ) {
        precondition(
            values.count >= BlockPacking.blockLength && width >= 0 && width <= 32
                && byteOffset >= 0 && byteOffset <= bytes.count - 16 * width,
            "a block of width \(width) at \(byteOffset) of \(bytes.count) bytes")
    }

    @inline(__always)
    private static func dispatch(_ kernel: Kernel, width: Int, isSum: Bool) {
        switch width {
        case 0: kernel.run(0, isSum)
        case 1: kernel.run(1, isSum)
        case 2: kernel.run(2, isSum)
        case 3: kernel.run(3, isSum)
        case 4: kernel.run(4, isSum)
        case 5: kernel.run(5, isSum)
        case 6: kernel.run(6, isSum)
        case 7: kernel.run(7, isSum)
        case 8: kernel.run(8, isSum)
        case 9: kernel.run(9, isSum)
        case 10: kernel.run(10, isSum)
        case 11: kernel.run(11, isSum)
        case 12: kernel.run(12, isSum)
        case 13: kernel.run(13, isSum)
        case 14: kernel.run(14, isSum)
        case 15: kernel.run(15, isSum)
        case 16: kernel.run(16, isSum)
        default: kernel.runAny(width, isSum)
        }
    }
}

/// One run over a block: where from, where to, and what the rows are added to.
@safe private struct Kernel {
    // Both refer to memory that the caller holds for the call, with room for a block.
    let source: UnsafeRawPointer?
    let target: UnsafeMutableRawPointer?
    let start: SIMD4<UInt32>

    /// Unpacks the 32 rows; with `isSum` each is added to the one before, else to `start`.
    @inline(__always)
    func run(_ width: Int, _ isSum: Bool) {
        guard let source = unsafe source, let target = unsafe target else { return }
        var sum = start
        unsafe rows8(0, width, isSum, source, target, &sum)
        unsafe rows8(8, width, isSum, source, target, &sum)
        unsafe rows8(16, width, isSum, source, target, &sum)
        unsafe rows8(24, width, isSum, source, target, &sum)
    }

    /// Wide blocks are rare: terms in few documents of a large segment.
    @inline(never)
    func runAny(_ width: Int, _ isSum: Bool) {
        guard let source = unsafe source, let target = unsafe target else { return }
        var sum = start
        for index in 0..<32 { unsafe row(index, width, isSum, source, target, &sum) }
    }

    @inline(__always)
    private func rows8(
        _ first: Int, _ width: Int, _ isSum: Bool, _ source: UnsafeRawPointer,
        _ target: UnsafeMutableRawPointer, _ sum: inout SIMD4<UInt32>
    ) {
        unsafe row(first, width, isSum, source, target, &sum)
        unsafe row(first + 1, width, isSum, source, target, &sum)
        unsafe row(first + 2, width, isSum, source, target, &sum)
        unsafe row(first + 3, width, isSum, source, target, &sum)
        unsafe row(first + 4, width, isSum, source, target, &sum)
        unsafe row(first + 5, width, isSum, source, target, &sum)
        unsafe row(first + 6, width, isSum, source, target, &sum)
        unsafe row(first + 7, width, isSum, source, target, &sum)
    }

    @inline(__always)
    private func row(
        _ index: Int, _ width: Int, _ isSum: Bool, _ source: UnsafeRawPointer,
        _ target: UnsafeMutableRawPointer, _ sum: inout SIMD4<UInt32>
    ) {
        var lanes = SIMD4<UInt32>()
        if width > 0 {
            let bit = index * width
            let shift = bit & 31
            let word = bit / 32 * 16
            let mask: UInt32 = width == 32 ? .max : (1 << UInt32(width)) - 1
            lanes = unsafe Self.load(source, word) &>> UInt32(shift)
            if shift + width > 32 {
                // Masked before the shift, so that it stays one shift and not a shift of two words.
                let high = unsafe Self.load(source, word + 16) & (mask >> UInt32(32 - shift))
                lanes |= high &<< UInt32(32 - shift)
            }
            lanes &= mask
        }
        lanes &+= sum
        if isSum { sum = lanes }
        unsafe target.storeBytes(of: lanes, toByteOffset: 16 * index, as: SIMD4<UInt32>.self)
    }

    @inline(__always)
    private static func load(_ source: UnsafeRawPointer, _ byteOffset: Int) -> SIMD4<UInt32> {
        let lanes = unsafe source.loadUnaligned(
            fromByteOffset: byteOffset, as: SIMD4<UInt32>.self)
        #if _endian(big)
        return SIMD4(
            lanes.x.byteSwapped, lanes.y.byteSwapped, lanes.z.byteSwapped, lanes.w.byteSwapped)
        #else
        return lanes
        #endif
    }
}
