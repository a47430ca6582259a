// Choosing documents by the impact codes of dense terms, eight at a time.
extension CandidateKernels {
    /// Sums of the impacts of eight documents.
    typealias EightSums = SIMD8<Int16>

    /// Adds the weighted codes of a map from place `first` on to sums, or starts them with these.
    ///
    /// - Parameter count: the number of sums; eight codes for each must be there.
    @inline(__always)
    static func add(
        _ codes: [UInt8], weight: Int16, from first: Int, to sums: inout [EightSums],
        _ count: Int, isFirst: Bool
    ) {
        let codes = codes.span
        precondition(first >= 0 && count >= 0 && count <= sums.count)
        precondition(first + 8 * count <= codes.count)
        var sums = sums.mutableSpan
        if isFirst {
            for index in 0..<count {
                unsafe sums[unchecked: index] = eight(codes, at: first &+ 8 &* index) &* weight
            }
        } else {
            for index in 0..<count {
                unsafe sums[unchecked: index] &+= eight(codes, at: first &+ 8 &* index) &* weight
            }
        }
    }

    /// The codes of eight documents, which must be there.
    @inline(__always)
    private static func eight(_ codes: Span<UInt8>, at place: Int) -> EightSums {
        // Any eight bytes are codes.
        let word = unsafe codes.bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: place, as: UInt64.self)
        return unsafe EightSums(truncatingIfNeeded: unsafeBitCast(word, to: SIMD8<UInt8>.self))
    }

    /// Collects the documents whose sums are not below `least`, the first sum's first being document
    /// `first`, behind the first `size` of `documents`, until there is no room for eight more.
    ///
    /// - Returns: the number of sums looked at.
    @inline(__always)
    static func collect(
        _ sums: [EightSums], _ count: Int, least: Int16, first: Int,
        into documents: inout [UInt32], _ size: inout Int
    ) -> Int {
        let sums = sums.span
        precondition(count <= sums.count && documents.count == slotCount)
        var documents = documents.mutableSpan
        var found = size
        var index = 0
        while index < count, found <= slotCount - 8 {
            // The sign tells; both are from 0 to 2^15 - 1, so that nothing overflows.
            let missing = EightSums(repeating: least &- 1) &- (unsafe sums[unchecked: index])
            let halves = unsafe unsafeBitCast(missing, to: SIMD2<UInt64>.self)
            if (halves[0] | halves[1]) & signs != 0 {
                for half in 0..<2 {
                    var hits = halves[half] & signs
                    while hits != 0 {
                        let place = 8 &* index &+ 4 &* half &+ hits.trailingZeroBitCount >> 4
                        // At most eight more, for which there is room.
                        unsafe documents[unchecked: found] = UInt32(
                            truncatingIfNeeded: first &+ place)
                        found &+= 1
                        hits &= hits &- 1
                    }
                }
            }
            index &+= 1
        }
        size = found
        return index
    }

    /// The top bits of four numbers of 16 bits.
    private static let signs: UInt64 = 0x8000_8000_8000_8000
}
