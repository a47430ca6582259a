/// Where the parts of one term's postings are; `docs/index-format.md` gives the layout.
///
/// All offsets count from the start of the bytes that every call is given: the postings section, or
/// a whole file. Opening checks that all fixed parts lie inside the term's bytes; decoding checks
/// the rest.
struct PostingsLayout: Sendable {
    let documentFrequency: Int
    let blockCount: Int
    /// The number that documents are below.
    let documentLimit: UInt32
    /// The term's bytes.
    let range: Range<Int>
    /// Where the pairs that bound all postings are; none in lists of one block.
    let termBoundCount: Int
    private let lastDocumentsOffset: Int
    private let metadataOffset: Int
    private let metadataStride: Int
    private let dataOffset: Int
    /// Where the bitmap of all documents is, a bit for each of the segment; nil for most lists.
    let bitmapOffset: Int?

    /// Opens the postings of `entry`.
    ///
    /// - Parameter base: Where the field's postings section starts in `bytes`.
    init(
        _ entry: TermEntry, _ bytes: Span<UInt8>, base: Int, hasPositions: Bool,
        documentCount: Int
    ) throws(Malformed) {
        documentFrequency = Int(entry.documentFrequency)
        blockCount = entry.blockCount
        documentLimit = UInt32(documentCount)
        range = base + entry.postings.lowerBound..<base + entry.postings.upperBound
        metadataStride = SegmentFormat.blockMetadataBytes + (hasPositions ? 4 : 0)
        guard range.upperBound <= bytes.count, !range.isEmpty else {
            throw Malformed(at: range.lowerBound, expected: "postings inside the section")
        }
        guard blockCount > 1 else {
            termBoundCount = 0
            lastDocumentsOffset = range.lowerBound
            metadataOffset = range.lowerBound
            dataOffset = range.lowerBound
            bitmapOffset = nil
            return
        }
        let first = bytes[range.lowerBound]
        let count = Int(first & ~Self.bitmapFlag)
        guard count > 0, count <= SegmentFormat.maximumTermBounds else {
            throw Malformed(
                at: range.lowerBound, expected: "1 to \(SegmentFormat.maximumTermBounds) bounds",
                found: "\(count)")
        }
        termBoundCount = count
        let pairs = count + SegmentFormat.storedRanks.count
        lastDocumentsOffset = range.lowerBound + 1 + ScoreBound.byteCount * pairs
        metadataOffset = lastDocumentsOffset + 4 * blockCount
        let metadataEnd = metadataOffset + metadataStride * blockCount
        let hasBitmap = first & Self.bitmapFlag != 0
        bitmapOffset = hasBitmap ? metadataEnd : nil
        dataOffset = metadataEnd + (hasBitmap ? Self.bitmapBytes(documents: documentCount) : 0)
        guard dataOffset <= range.upperBound else {
            throw Malformed(
                at: range.lowerBound, expected: "postings of \(blockCount) blocks")
        }
    }

    /// Set in the first byte of a list that has a bitmap.
    static let bitmapFlag: UInt8 = 0x80

    /// The bytes of a bitmap of a segment's documents.
    static func bitmapBytes(documents: Int) -> Int { (documents + 63) / 64 * 8 }

    /// The pair of bound `index`, below `termBoundCount`.
    func termBound(_ index: Int, _ bytes: Span<UInt8>) -> ScoreBound {
        ScoreBound(bytes, at: range.lowerBound + 1 + ScoreBound.byteCount * index)
    }

    /// The pair of the document at rank `SegmentFormat.storedRanks[index]` of the term's list by
    /// score under the build's norms; nil when there is none or it is not known.
    func ranked(_ index: Int, _ bytes: Span<UInt8>) -> ScoreBound? {
        guard blockCount > 1 else { return nil }
        let place =
            range.lowerBound + 1 + ScoreBound.byteCount * (termBoundCount + index)
        return bytes[place] == 0 ? nil : ScoreBound(bytes, at: place)
    }

    /// The number of documents of a block.
    @inline(__always)
    func length(ofBlock block: Int) -> Int {
        min(SegmentFormat.blockLength, documentFrequency - block * SegmentFormat.blockLength)
    }

    /// The last document of a block; lists of one block store none, and it is the segment's last.
    @inline(__always)
    func lastDocument(ofBlock block: Int, _ bytes: Span<UInt8>) -> UInt32 {
        if blockCount == 1 { return documentLimit - 1 }
        return bytes.loadInteger(at: lastDocumentsOffset + 4 * block, as: UInt32.self)
    }

    /// What a block's documents are not below.
    @inline(__always)
    func base(ofBlock block: Int, _ bytes: Span<UInt8>) -> UInt32 {
        block == 0 ? 0 : lastDocument(ofBlock: block - 1, bytes) &+ 1
    }

    /// The first block from `start` on whose last document is at least `target`, or `blockCount`.
    ///
    /// Gallops: logarithmic in the number of blocks passed over.
    func firstBlock(reaching target: UInt32, from start: Int, _ bytes: Span<UInt8>) -> Int {
        guard start < blockCount, blockCount > 1 else { return min(start, blockCount) }
        var low = start
        var step = 1
        var high = start
        while high < blockCount, lastDocument(ofBlock: high, bytes) < target {
            low = high + 1
            high += step
            step *= 2
        }
        high = min(high, blockCount)
        while low < high {
            let middle = low + (high - low) / 2
            if lastDocument(ofBlock: middle, bytes) < target {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    /// The pair with the block's best score under the build's norms; lists of one block have none.
    @inline(__always)
    func bestBound(ofBlock block: Int, _ bytes: Span<UInt8>) -> ScoreBound {
        ScoreBound(bytes, at: metadataOffset + metadataStride * block + 6)
    }

    /// Where the block's data starts, and the two bytes that say how it is encoded.
    @inline(__always)
    func header(ofBlock block: Int, _ bytes: Span<UInt8>) throws(Malformed) -> BlockHeader {
        if blockCount == 1 {
            return try BlockHeader(single: bytes, range, documentFrequency: documentFrequency)
        }
        let place = metadataOffset + metadataStride * block
        let start = dataOffset + Int(bytes.loadInteger(at: place, as: UInt32.self))
        guard start <= range.upperBound else {
            throw Malformed(at: place, expected: "an offset inside the term")
        }
        return try BlockHeader(
            flags: bytes.loadInteger(at: place + 4, as: UInt16.self), at: place,
            start..<range.upperBound, bitmap: try bitmap(ofBlock: block, bytes),
            count: length(ofBlock: block))
    }

    /// The words of the list's bitmap that hold a block's documents; empty without a bitmap.
    @inline(__always)
    private func bitmap(
        ofBlock block: Int, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Range<Int> {
        guard let bitmapOffset else { return 0..<0 }
        let first = base(ofBlock: block, bytes)
        let last = lastDocument(ofBlock: block, bytes)
        guard first <= last, last < documentLimit else {
            throw Malformed(
                at: lastDocumentsOffset, expected: "ascending documents below \(documentLimit)")
        }
        let end = bitmapOffset + 8 * (Int(last >> 6) + 1)
        return bitmapOffset + 8 * Int(first >> 6)..<end
    }

    /// Where the positions of a block start, in bytes from the term's first.
    func positionsOffset(ofBlock block: Int, _ bytes: Span<UInt8>) -> Int {
        if blockCount == 1 { return 0 }
        let place = metadataOffset + metadataStride * block + 8
        return Int(bytes.loadInteger(at: place, as: UInt32.self))
    }
}
