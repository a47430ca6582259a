/// The kernels that unpack full blocks of 128 values, written out for every width.
///
/// The vertical layout of `BlockPacking` is read four values at a time: one load, shift and mask a
/// row, with every offset and shift known to the compiler.
enum BlockUnpacking {
    /// Reads 128 values, `addend` added to each, into the 128 places of `values` from `first` on.
    ///
    /// `width` is 0 to 32; the block's 16 * width bytes must lie inside `bytes`.
    static func values(
        _ bytes: Span<UInt8>, at byteOffset: Int, width: Int, adding addend: UInt32,
        into values: inout [UInt32], from first: Int = 0
    ) {
        unpack(
            bytes, at: byteOffset, width: width, start: addend, isSum: false, into: &values,
            from: first)
    }

    /// Reads 128 gaps and sums them: value i is value i - 1 plus 1 plus gap i, the first `base` plus
    /// gap 0.
    ///
    /// Sums wrap around; conditions as for `values`.
    static func gaps(
        _ bytes: Span<UInt8>, at byteOffset: Int, width: Int, base: UInt32,
        into values: inout [UInt32]
    ) {
        unpack(
            bytes, at: byteOffset, width: width, start: base &- 1, isSum: true, into: &values,
            from: 0)
    }

    /// Writes the numbers of the bits from `base` to `last` that are set, ascending, into the first
    /// places of `values`, which has room for 128; returns how many they are, or how many at least
    /// when they are more than `limit`, at most 128.
    ///
    /// Bit 0 of the first word is `base` rounded down to 64; `last` is in the last word.
    static func bits(
        _ bytes: Span<UInt8>, at byteOffset: Int, words: Int, base: UInt32, last: UInt32,
        limit: Int, into values: inout [UInt32]
    ) -> Int {
        precondition(values.count == BlockPacking.blockLength && limit <= values.count)
        var values = values.mutableSpan
        var first = base & ~63
        // Bits of the blocks beside are not the block's.
        var own = UInt64.max << UInt64(base & 63)
        var count = 0
        for word in 0..<words {
            if word == words &- 1 { own &= .max >> UInt64(63 - last & 63) }
            var bits = bytes.loadInteger(at: byteOffset &+ 8 &* word, as: UInt64.self) & own
            own = .max
            while bits != 0 {
                // The mask keeps the place below 128, whatever the bits are.
                unsafe values[unchecked: count & (BlockPacking.blockLength - 1)] =
                    first &+ UInt32(truncatingIfNeeded: bits.trailingZeroBitCount)
                count &+= 1
                bits &= bits &- 1
            }
            if count > limit { break }
            first &+= 64
        }
        return count
    }

    private static func unpack(
        _ bytes: Span<UInt8>, at byteOffset: Int, width: Int, start: UInt32, isSum: Bool,
        into values: inout [UInt32], from first: Int
    ) {
        check(bytes, byteOffset, width, values, first)
        // The range and the room for 128 values were checked; every bit pattern is a valid integer.
        unsafe bytes.withUnsafeBytes { source in
            unsafe values.withUnsafeMutableBytes { target in
                unsafe dispatch(
                    Kernel(
                        source: source.baseAddress?.advanced(by: byteOffset),
                        target: target.baseAddress?.advanced(by: 4 * first),
                        start: SIMD4<UInt32>(repeating: start)),
                    width: width, isSum: isSum)
            }
        }
    }

    private static func check(
        _ bytes: Span<UInt8>, _ byteOffset: Int, _ width: Int, _ values: [UInt32], _ first: Int
    ) {
        precondition(
            first >= 0 && values.count - first >= BlockPacking.blockLength && width >= 0
                && width <= 32
                && byteOffset >= 0 && byteOffset <= bytes.count - 16 * width,
            "a block of width \(width) at \(byteOffset) of \(bytes.count) bytes")
    }

    @inline(__always)
    private static func dispatch(_ kernel: Kernel, width: Int, isSum: Bool) {
        switch width {
        case 0: isSum ? kernel.sums0() : kernel.values0()
        case 1: isSum ? kernel.sums1() : kernel.values1()
        case 2: isSum ? kernel.sums2() : kernel.values2()
        case 3: isSum ? kernel.sums3() : kernel.values3()
        case 4: isSum ? kernel.sums4() : kernel.values4()
        case 5: isSum ? kernel.sums5() : kernel.values5()
        case 6: isSum ? kernel.sums6() : kernel.values6()
        case 7: isSum ? kernel.sums7() : kernel.values7()
        case 8: isSum ? kernel.sums8() : kernel.values8()
        case 9: isSum ? kernel.sums9() : kernel.values9()
        case 10: isSum ? kernel.sums10() : kernel.values10()
        case 11: isSum ? kernel.sums11() : kernel.values11()
        case 12: isSum ? kernel.sums12() : kernel.values12()
        case 13: isSum ? kernel.sums13() : kernel.values13()
        case 14: isSum ? kernel.sums14() : kernel.values14()
        case 15: isSum ? kernel.sums15() : kernel.values15()
        case 16: isSum ? kernel.sums16() : kernel.values16()
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

    /// Unpacks the 32 rows and adds `start`; with `isSum` sums all values with 1 added to each.
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
        if isSum {
            // Sums within the row in two steps, then the last value before the row.
            lanes &+= 1
            lanes &+= SIMD4(0, lanes.x, lanes.y, lanes.z)
            lanes &+= SIMD4(0, 0, lanes.x, lanes.y)
            lanes &+= sum
            sum = SIMD4(repeating: lanes.w)
        } else {
            lanes &+= sum
        }
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

// One function for each width and use: the compiler inlines `run` only into small ones.
extension Kernel {
    @inline(never) func values0() { run(0, false) }
    @inline(never) func sums0() { run(0, true) }
    @inline(never) func values1() { run(1, false) }
    @inline(never) func sums1() { run(1, true) }
    @inline(never) func values2() { run(2, false) }
    @inline(never) func sums2() { run(2, true) }
    @inline(never) func values3() { run(3, false) }
    @inline(never) func sums3() { run(3, true) }
    @inline(never) func values4() { run(4, false) }
    @inline(never) func sums4() { run(4, true) }
    @inline(never) func values5() { run(5, false) }
    @inline(never) func sums5() { run(5, true) }
    @inline(never) func values6() { run(6, false) }
    @inline(never) func sums6() { run(6, true) }
    @inline(never) func values7() { run(7, false) }
    @inline(never) func sums7() { run(7, true) }
    @inline(never) func values8() { run(8, false) }
    @inline(never) func sums8() { run(8, true) }
    @inline(never) func values9() { run(9, false) }
    @inline(never) func sums9() { run(9, true) }
    @inline(never) func values10() { run(10, false) }
    @inline(never) func sums10() { run(10, true) }
    @inline(never) func values11() { run(11, false) }
    @inline(never) func sums11() { run(11, true) }
    @inline(never) func values12() { run(12, false) }
    @inline(never) func sums12() { run(12, true) }
    @inline(never) func values13() { run(13, false) }
    @inline(never) func sums13() { run(13, true) }
    @inline(never) func values14() { run(14, false) }
    @inline(never) func sums14() { run(14, true) }
    @inline(never) func values15() { run(15, false) }
    @inline(never) func sums15() { run(15, true) }
    @inline(never) func values16() { run(16, false) }
    @inline(never) func sums16() { run(16, true) }
}
