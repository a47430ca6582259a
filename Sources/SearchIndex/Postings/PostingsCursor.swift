/// Reads the postings of one term block by block.
///
/// A cursor starts before the first block and only moves forward. All that it gives is checked:
/// documents ascend and lie inside the segment, frequencies are at least 1; damaged bytes give an
/// error. Not shared between threads; copies are independent.
public struct PostingsCursor: Sendable {
    /// The most documents of a block; every block but the last has as many.
    public static let blockLength = SegmentFormat.blockLength

    /// The documents that hold the term in this segment.
    public let documentFrequency: Int
    /// The number of blocks, at least 1.
    public let blockCount: Int
    /// The number of the current block; -1 before the first, `blockCount` behind the last.
    public private(set) var block = -1
    /// The documents of the current block; 0 outside the blocks.
    public private(set) var count = 0
    /// The raw document numbers of the current block, ascending; only the first `count` count.
    public private(set) var documents = [UInt32](repeating: 0, count: blockLength)
    /// The frequencies beside `documents`, each at least 1.
    public private(set) var frequencies = [UInt32](repeating: 0, count: blockLength)

    private let layout: PostingsLayout
    private let section: FileSection
    private var positions: PositionsReader
    private var places = ValuePlaces()
    private var values: [UInt32] = []
    private let positionsSection: FileSection?
    private let positionsRange: Range<Int>

    init(
        _ entry: TermEntry, postings: FileSection, positions: FileSection?, documentCount: Int
    ) throws(IndexError) {
        section = postings
        positionsSection = positions
        positionsRange = entry.positions
        layout = try postings.read { (bytes) throws(Malformed) in
            try PostingsLayout(
                entry, bytes, base: 0, hasPositions: positions != nil,
                documentCount: documentCount)
        }
        documentFrequency = layout.documentFrequency
        blockCount = layout.blockCount
        self.positions = PositionsReader()
    }

    /// Pairs that bound every posting of the term, at most 8, frequencies ascending; none in lists
    /// of one block.
    public func termBounds() throws(IndexError) -> [ScoreBound] {
        try section.read { (bytes) throws(Malformed) in
            (0..<layout.termBoundCount).map { layout.termBound($0, bytes) }
        }
    }

    /// The pairs of the documents at `SegmentFormat.storedRanks`; nil where none is stored.
    func ranked() throws(IndexError) -> [ScoreBound?] {
        try section.read { (bytes) throws(Malformed) in
            SegmentFormat.storedRanks.indices.map { layout.ranked($0, bytes) }
        }
    }

    /// How many bits are set in the list's bitmap; nil without one.
    func bitmapCount() throws(IndexError) -> Int? {
        guard let start = layout.bitmapOffset else { return nil }
        let end = start + PostingsLayout.bitmapBytes(documents: Int(layout.documentLimit))
        return try section.read { (bytes) throws(Malformed) in
            stride(from: start, to: end, by: 8).reduce(0) {
                $0 + bytes.loadInteger(at: $1, as: UInt64.self).nonzeroBitCount
            }
        }
    }

    /// The last document of a block, 0 up to `blockCount`, without decoding the block.
    ///
    /// A term of a single block stores none; then it is the segment's last document.
    public func lastDocument(ofBlock block: Int) throws(IndexError) -> DocumentNumber {
        precondition(block >= 0 && block < blockCount, "block \(block) of \(blockCount)")
        return try section.read { (bytes) throws(Malformed) in
            DocumentNumber(layout.lastDocument(ofBlock: block, bytes))
        }
    }

    /// Pairs that bound every posting of a block, the best under the build's norms first, at most 3;
    /// none in lists of one block.
    ///
    /// Does not decode the block; allocates the array.
    public func bounds(ofBlock block: Int) throws(IndexError) -> [ScoreBound] {
        precondition(block >= 0 && block < blockCount, "block \(block) of \(blockCount)")
        guard blockCount > 1 else { return [] }
        return try section.read { (bytes) throws(Malformed) in
            let header = try layout.header(ofBlock: block, bytes)
            return [layout.bestBound(ofBlock: block, bytes)]
                + (0..<header.furtherBounds).map {
                    ScoreBound(bytes, at: header.boundsOffset + ScoreBound.byteCount * $0)
                }
        }
    }

    /// Moves to the next block and decodes it.
    ///
    /// - Returns: False behind the last block.
    public mutating func nextBlock() throws(IndexError) -> Bool {
        try load(min(block + 1, blockCount))
    }

    /// Moves to the first block, from the current one on, whose last document is not below
    /// `target`, and decodes it.
    ///
    /// Gallops over the last documents: logarithmic in the number of blocks passed over.
    ///
    /// - Returns: False when all documents of the term are below `target`.
    public mutating func seekBlock(_ target: DocumentNumber) throws(IndexError) -> Bool {
        let start = max(0, block)
        let found = try section.read { (bytes) throws(Malformed) in
            layout.firstBlock(reaching: target.rawValue, from: start, bytes)
        }
        guard found == block ? count > 0 : try load(found) else { return false }
        // A term of one block stores no last document, so the decoded block decides.
        return documents[count - 1] >= target.rawValue ? true : try load(blockCount)
    }

    /// Appends the positions of posting `index` of the current block, ascending, to `output`.
    ///
    /// Decodes only what the posting needs; going through a block in order is fastest. Appends
    /// nothing in a field without positions.
    public mutating func appendPositions(
        ofPosting index: Int, to output: inout [UInt32]
    ) throws(IndexError) {
        precondition(index >= 0 && index < count, "posting \(index) of \(count)")
        guard let positionsSection else { return }
        try positionsSection.read { (bytes) throws(Malformed) in
            let count = Int(frequencies[index])
            try positions.read(
                from: places[index], count: count, total: places.total, bytes, into: &values)
            output += values[..<count]
        }
    }

    private mutating func load(_ block: Int) throws(IndexError) -> Bool {
        self.block = block
        count = 0
        guard block < blockCount else { return false }
        var start = 0
        try section.read { (bytes) throws(Malformed) in
            let header = try layout.header(ofBlock: block, bytes)
            try layout.decodeDocuments(block, header, bytes, into: &documents)
            try layout.checkAscending(documents, header)
            layout.decodeFrequencies(header, bytes, into: &frequencies)
            if positionsSection != nil { start = layout.positionsOffset(ofBlock: block, bytes) }
            count = header.count
        }
        if positionsSection != nil { places.set(frequencies, count: count) }
        let end = positionsRange.upperBound
        positions.startBlock(min(positionsRange.lowerBound + start, end)..<end)
        return true
    }
}
