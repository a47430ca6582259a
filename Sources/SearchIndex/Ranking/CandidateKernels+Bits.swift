// Documents by their bits, 64 at a time: of dense terms, and of the levels of their impacts.
extension CandidateKernels {
    /// What is done with words and those of a list.
    enum WordStep {
        case take
        case intersect
    }

    /// Takes words of a bitmap in the file, which reaches as far as the segment's documents, or
    /// intersects with them.
    @inline(__always)
    static func combine(
        _ words: inout MutableSpan<UInt64>, _ count: Int, _ bytes: Span<UInt8>, at byteOffset: Int,
        _ step: WordStep
    ) {
        let bytes = bytes.extracting(byteOffset..<byteOffset + 8 * count)
        combine(&words, count, step) { bytes.loadInteger(at: 8 &* $0, as: UInt64.self) }
    }

    /// Takes words from place `first` on, or intersects with them.
    @inline(__always)
    static func combine(
        _ words: inout MutableSpan<UInt64>, _ count: Int, _ own: Span<UInt64>, from first: Int,
        _ step: WordStep
    ) {
        let own = own.extracting(first..<first + count)
        // All indices are below `count`.
        combine(&words, count, step) { unsafe own[unchecked: $0] }
    }

    /// Takes words with the bits of documents from a level on, or intersects with them.
    ///
    /// - Parameters:
    ///   - slices: Those of `ImpactLevels`.
    ///   - level: From 2 on; the bits of the term are those of level 1.
    static func combine(
        _ words: inout MutableSpan<UInt64>, _ count: Int, slices: Span<UInt64>, from first: Int,
        atLeast level: Int, _ step: WordStep
    ) {
        let length = slices.count / ImpactLevels.sliceCount
        let low = slices.extracting(first..<first + count)
        let middle = slices.extracting(length + first..<length + first + count)
        let high = slices.extracting(2 * length + first..<2 * length + first + count)
        // All indices are below `count`.
        switch level {
        case ...2:
            combine(&words, count, step) {
                unsafe high[unchecked: $0] | middle[unchecked: $0]
            }
        case 3:
            combine(&words, count, step) {
                unsafe high[unchecked: $0] | middle[unchecked: $0] & low[unchecked: $0]
            }
        case 4: combine(&words, count, step) { unsafe high[unchecked: $0] }
        case 5:
            combine(&words, count, step) {
                unsafe high[unchecked: $0] & (middle[unchecked: $0] | low[unchecked: $0])
            }
        case 6:
            combine(&words, count, step) {
                unsafe high[unchecked: $0] & middle[unchecked: $0]
            }
        default:
            combine(&words, count, step) {
                unsafe high[unchecked: $0] & middle[unchecked: $0] & low[unchecked: $0]
            }
        }
    }

    @inline(__always)
    private static func combine(
        _ words: inout MutableSpan<UInt64>, _ count: Int, _ step: WordStep, word: (Int) -> UInt64
    ) {
        precondition(count <= words.count)
        switch step {
        case .take: for index in 0..<count { unsafe words[unchecked: index] = word(index) }
        case .intersect: for index in 0..<count { unsafe words[unchecked: index] &= word(index) }
        }
    }

    /// Adds the bits of other words.
    @inline(__always)
    static func unite(
        _ words: inout MutableSpan<UInt64>, _ count: Int, with other: Span<UInt64>
    ) {
        precondition(count <= words.count && count <= other.count)
        for index in 0..<count { unsafe words[unchecked: index] |= other[unchecked: index] }
    }

    /// Collects the documents from `start` through `last` whose bits are set in the first `count` of
    /// `words`, of which the first has that of `start` and the last that of `last`, behind the first
    /// `size` of `documents`, until there is no room. Clears bits outside.
    ///
    /// - Returns: the document to go on with.
    @inline(__always)
    static func collect(
        _ words: inout [UInt64], _ count: Int, from start: UInt32, through last: UInt32,
        into documents: inout [UInt32], _ size: inout Int
    ) -> UInt32 {
        precondition(count > 0 && count <= words.count)
        precondition(documents.count == slotCount && size <= slotCount)
        var words = words.mutableSpan
        words[0] &= UInt64.max << UInt64(start & 63)
        words[count - 1] &= UInt64.max >> UInt64(63 - last & 63)
        var documents = documents.mutableSpan
        var found = size
        let base = start & ~63
        var index = 0
        while index < count {
            // Most words are zero where lists are sparse.
            if index &+ 4 <= count,
                unsafe words[unchecked: index] | words[unchecked: index &+ 1]
                    | words[unchecked: index &+ 2] | words[unchecked: index &+ 3] == 0
            {
                index &+= 4
                continue
            }
            var bits = unsafe words[unchecked: index]
            while bits != 0 {
                let document =
                    base &+ UInt32(truncatingIfNeeded: index &* 64 &+ bits.trailingZeroBitCount)
                guard found < slotCount else {
                    size = found
                    return document
                }
                unsafe documents[unchecked: found] = document
                found &+= 1
                bits &= bits &- 1
            }
            index &+= 1
        }
        size = found
        return last &+ 1
    }
}
