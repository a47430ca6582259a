extension PostingsLayout {
    /// The number of documents of a block.
    func length(ofBlock block: Int) -> Int {
        min(SegmentFormat.blockLength, documentFrequency - block * SegmentFormat.blockLength)
    }

    /// Decodes a block into the first places of two arrays of 128 and returns its length.
    ///
    /// - Throws: When its bytes do not lie inside the term's, or its documents do not ascend, lie
    ///   outside the segment or differ from the stored last document.
    func decode(
        _ block: Int, _ metadata: BlockMetadata, _ documents: inout [UInt32],
        _ frequencies: inout [UInt32]
    ) throws(IndexError) -> Int {
        let count = length(ofBlock: block)
        let base = block == 0 ? 0 : try lastDocument(ofBlock: block - 1) &+ 1
        let last = blockCount > 1 ? try lastDocument(ofBlock: block) : nil
        try readData { (bytes, end) throws(Malformed) in
            let start = metadata.dataOffset
            let isFull = count == SegmentFormat.blockLength
            let widths = (metadata.documentWidth, metadata.frequencyWidth)
            let sizes =
                isFull
                ? (
                    BlockPacking.blockBytes(width: widths.0),
                    BlockPacking.blockBytes(width: widths.1)
                )
                : (
                    BlockPacking.plainBytes(count: count, width: widths.0),
                    BlockPacking.plainBytes(count: count, width: widths.1)
                )
            guard start <= end, sizes.0 + sizes.1 <= end - start else {
                throw Malformed(at: start, expected: "\(sizes.0 + sizes.1) bytes of a block")
            }
            if isFull {
                BlockPacking.unpackDifferences(
                    bytes, at: start, width: widths.0, base: base, into: &documents)
                BlockPacking.unpack(
                    bytes, at: start + sizes.0, width: widths.1, into: &frequencies)
            } else {
                BlockPacking.unpackPlain(
                    bytes, at: start, count: count, width: widths.0, into: &documents)
                BlockPacking.unpackPlain(
                    bytes, at: start + sizes.0, count: count, width: widths.1, into: &frequencies)
                Self.sumGaps(&documents, count: count, base: base)
            }
            for index in 0..<count { frequencies[index] &+= 1 }
            try check(documents, count: count, base: base, last: last, at: start)
        }
        return count
    }

    private static func sumGaps(_ documents: inout [UInt32], count: Int, base: UInt32) {
        var next = base
        for index in 0..<count {
            documents[index] &+= next
            next = documents[index] &+ 1
        }
    }

    private func check(
        _ documents: [UInt32], count: Int, base: UInt32, last: UInt32?, at place: Int
    ) throws(Malformed) {
        var ascends = documents[0] >= base
        for index in 1..<max(1, count) where documents[index] <= documents[index - 1] {
            ascends = false
        }
        guard ascends, documents[count - 1] < documentLimit else {
            throw Malformed(at: place, expected: "ascending documents below \(documentLimit)")
        }
        guard last == nil || last == documents[count - 1] else {
            throw Malformed(at: place, expected: "the block's last document")
        }
    }
}
