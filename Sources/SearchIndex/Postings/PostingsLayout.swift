/// Where the parts of one term's postings are; `docs/index-format.md` gives the layout.
///
/// Opening checks that all fixed parts lie inside the term's bytes; decoding checks the rest.
struct PostingsLayout: Sendable {
    /// What is known of a block without decoding it.
    struct BlockMetadata {
        /// Where its data starts, in bytes of the section.
        let dataOffset: Int
        /// Where its positions start, in bytes from the term's first.
        let positionsOffset: Int
        let documentWidth: Int
        let frequencyWidth: Int
    }

    let documentFrequency: Int
    let blockCount: Int
    /// Pairs that bound all postings.
    let termBounds: [ScoreBound]
    private let section: FileSection
    private let entry: TermEntry
    private let documentCount: Int
    /// Offsets in the section.
    private let lastDocumentsOffset: Int
    private let metadataOffset: Int
    private let boundsOffset: Int
    private let dataOffset: Int

    init(
        _ entry: TermEntry, in section: FileSection, documentCount: Int
    ) throws(IndexError) {
        self.entry = entry
        self.section = section
        self.documentCount = documentCount
        documentFrequency = Int(entry.documentFrequency)
        blockCount = entry.blockCount
        let start = entry.postings.lowerBound
        let isShort = entry.blockCount == 1
        let limit = isShort ? SegmentFormat.maximumBlockBounds : SegmentFormat.maximumTermBounds
        termBounds = try section.read { (bytes) throws(Malformed) in
            guard entry.postings.upperBound <= bytes.count, !entry.postings.isEmpty else {
                throw Malformed(at: start, expected: "postings inside the section")
            }
            let count = Int(bytes[start])
            guard count > 0, count <= limit, 1 + 2 * count <= entry.postings.count else {
                throw Malformed(at: start, expected: "1 to \(limit) bounds", found: "\(count)")
            }
            return ScoreBound.decode(bytes, at: start + 1, count: count)
        }
        let fixed = start + 1 + ScoreBound.byteCount * termBounds.count
        lastDocumentsOffset = fixed
        metadataOffset = fixed + (isShort ? 0 : 4 * blockCount)
        boundsOffset =
            metadataOffset
            + (isShort ? 0 : SegmentFormat.blockMetadataBytes * blockCount)
        dataOffset =
            isShort
            ? fixed + 3
            : boundsOffset + ScoreBound.byteCount * SegmentFormat.maximumBlockBounds * blockCount
        guard dataOffset <= entry.postings.upperBound else {
            throw section.corrupt(
                Malformed(at: start, expected: "postings of \(blockCount) blocks"))
        }
    }

    /// The last document of a block.
    func lastDocument(ofBlock block: Int) throws(IndexError) -> UInt32 {
        precondition(block >= 0 && block < blockCount, "block \(block) of \(blockCount)")
        guard blockCount > 1 else {
            // A short list stores none; the segment's last document is never below.
            return UInt32(documentCount - 1)
        }
        return try section.read { (bytes) throws(Malformed) in
            last(of: block, bytes)
        }
    }

    @inline(__always)
    private func last(of block: Int, _ bytes: Span<UInt8>) -> UInt32 {
        bytes.loadInteger(at: lastDocumentsOffset + 4 * block, as: UInt32.self)
    }

    /// The first block from `start` on whose last document is at least `target`, or `blockCount`.
    func firstBlock(reaching target: UInt32, from start: Int) throws(IndexError) -> Int {
        guard start < blockCount, blockCount > 1 else { return min(start, blockCount) }
        return try section.read { (bytes) throws(Malformed) in
            var low = start
            var step = 1
            var high = start
            while high < blockCount, last(of: high, bytes) < target {
                low = high + 1
                high += step
                step *= 2
            }
            high = min(high, blockCount)
            while low < high {
                let middle = low + (high - low) / 2
                if last(of: middle, bytes) < target { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    /// The number that documents are below.
    var documentLimit: UInt32 { UInt32(documentCount) }

    /// Calls `body` with the section's bytes and the end of the term's bytes in them.
    func readData(
        _ body: (Span<UInt8>, Int) throws(Malformed) -> Void
    ) throws(IndexError) {
        let end = entry.postings.upperBound
        try section.read { (bytes) throws(Malformed) in try body(bytes, end) }
    }

    /// Where the positions of a block are, in bytes of the positions section.
    func positions(ofBlock block: Int, _ metadata: BlockMetadata) -> Range<Int> {
        let start = entry.positions.lowerBound + metadata.positionsOffset
        return min(start, entry.positions.upperBound)..<entry.positions.upperBound
    }

    /// Pairs that bound the postings of a block.
    func bounds(ofBlock block: Int) throws(IndexError) -> [ScoreBound] {
        precondition(block >= 0 && block < blockCount, "block \(block) of \(blockCount)")
        guard blockCount > 1 else { return termBounds }
        return try section.read { (bytes) throws(Malformed) in
            let place = metadataOffset + SegmentFormat.blockMetadataBytes * block + 11
            let count = Int(bytes[place])
            guard count > 0, count <= SegmentFormat.maximumBlockBounds else {
                throw Malformed(at: place, expected: "1 to 4 bounds", found: "\(count)")
            }
            let width = ScoreBound.byteCount * SegmentFormat.maximumBlockBounds
            return ScoreBound.decode(bytes, at: boundsOffset + width * block, count: count)
        }
    }

    /// What is stored about a block; checks kind and widths.
    func metadata(ofBlock block: Int) throws(IndexError) -> BlockMetadata {
        precondition(block >= 0 && block < blockCount, "block \(block) of \(blockCount)")
        return try section.read { (bytes) throws(Malformed) in
            guard blockCount > 1 else {
                return try checked(bytes, at: lastDocumentsOffset, data: 0, positions: 0)
            }
            let place = metadataOffset + SegmentFormat.blockMetadataBytes * block
            return try checked(
                bytes, at: place + 8,
                data: Int(bytes.loadInteger(at: place, as: UInt32.self)),
                positions: Int(bytes.loadInteger(at: place + 4, as: UInt32.self)))
        }
    }

    private func checked(
        _ bytes: Span<UInt8>, at place: Int, data: Int, positions: Int
    ) throws(Malformed) -> BlockMetadata {
        guard bytes[place] == BlockKind.packed.rawValue else {
            throw Malformed(at: place, expected: "block kind 0", found: "\(bytes[place])")
        }
        let documentWidth = Int(bytes[place + 1])
        let frequencyWidth = Int(bytes[place + 2])
        // A frequency less one of 31 bits never overflows.
        guard documentWidth <= 32, frequencyWidth <= 31 else {
            throw Malformed(
                at: place + 1, expected: "widths up to 32 and 31 bits",
                found: "\(documentWidth) and \(frequencyWidth)")
        }
        return BlockMetadata(
            dataOffset: dataOffset + data, positionsOffset: positions,
            documentWidth: documentWidth, frequencyWidth: frequencyWidth)
    }
}
