extension PostingsLayout {
    /// Decodes a block's documents into the first places of an array of 128.
    ///
    /// Whatever the bytes are, every document is at least the block's base and at most its last
    /// document, which is below `documentLimit`. That they ascend is certain only for undamaged
    /// files; `checkAscending` finds out.
    func decodeDocuments(
        _ block: Int, _ header: BlockHeader, _ bytes: Span<UInt8>, into documents: inout [UInt32]
    ) throws(Malformed) {
        let base = base(ofBlock: block, bytes)
        let last = lastDocument(ofBlock: block, bytes)
        let place = header.documentsOffset
        guard last < documentLimit, base <= last else {
            throw Malformed(at: place, expected: "a last document below \(documentLimit)")
        }
        switch header.kind {
        case .bitset, .listed:
            try Self.decodeBits(header, bytes, base: base, last: last, into: &documents)
        case .packed where header.count == SegmentFormat.blockLength:
            BlockUnpacking.gaps(
                bytes, at: place, width: header.documentWidth, base: base, into: &documents)
        case .packed:
            BlockPacking.unpackPlain(
                bytes, at: place, count: header.count, width: header.documentWidth,
                into: &documents)
            Self.sumGaps(&documents, count: header.count, base: base)
        }
        try Self.checkRange(documents, header, base: base, last: last, isExact: blockCount > 1)
    }

    /// Decodes a block's frequencies into the first places of an array of 128; each at least 1.
    func decodeFrequencies(
        _ header: BlockHeader, _ bytes: Span<UInt8>, into frequencies: inout [UInt32]
    ) {
        if header.count == SegmentFormat.blockLength {
            BlockUnpacking.values(
                bytes, at: header.frequenciesOffset, width: header.frequencyWidth, adding: 1,
                into: &frequencies)
        } else {
            BlockPacking.unpackPlain(
                bytes, at: header.frequenciesOffset, count: header.count,
                width: header.frequencyWidth, into: &frequencies)
            for index in 0..<header.count { frequencies[index] &+= 1 }
        }
    }

    /// Checks that the decoded documents of a block ascend.
    func checkAscending(
        _ documents: [UInt32], _ header: BlockHeader
    ) throws(Malformed) {
        var ascends = true
        for index in 1..<max(1, header.count) where documents[index] <= documents[index - 1] {
            ascends = false
        }
        guard ascends else {
            throw Malformed(at: header.documentsOffset, expected: "ascending documents")
        }
    }

    private static func decodeBits(
        _ header: BlockHeader, _ bytes: Span<UInt8>, base: UInt32, last: UInt32,
        into documents: inout [UInt32]
    ) throws(Malformed) {
        let count = BlockUnpacking.bits(
            bytes, at: header.documentsOffset, words: header.documentWidth, base: base, last: last,
            limit: header.count, into: &documents)
        guard count == header.count else {
            throw Malformed(
                at: header.documentsOffset, expected: "the bits of \(header.count) documents",
                found: "\(count)")
        }
    }

    /// Sums wrap around, so the result is checked, not the way to it.
    private static func sumGaps(_ documents: inout [UInt32], count: Int, base: UInt32) {
        var next = base
        for index in 0..<count {
            documents[index] &+= next
            next = documents[index] &+ 1
        }
    }

    /// Checks that all documents lie between `base` and `last`, and the last one is `last`.
    private static func checkRange(
        _ documents: [UInt32], _ header: BlockHeader, base: UInt32, last: UInt32, isExact: Bool
    ) throws(Malformed) {
        let count = header.count
        var isInside = !isExact || documents[count - 1] == last
        // Bits are read in their order; sums of so few, so narrow gaps stay below 2^32.
        let isFull = count == SegmentFormat.blockLength
        let cannotWrap = header.isBits || (isFull && header.documentWidth < 24)
        if cannotWrap, base < 1 << 31 {
            // They ascend from the base on, so that the last document is the greatest.
            if documents[count - 1] > last { isInside = false }
        } else {
            for index in 0..<count where documents[index] < base || documents[index] > last {
                isInside = false
            }
        }
        guard isInside else {
            throw Malformed(
                at: header.documentsOffset, expected: "documents from \(base) to \(last)")
        }
    }
}
