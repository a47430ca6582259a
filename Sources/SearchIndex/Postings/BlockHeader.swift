/// How one block of postings is encoded, checked to lie inside its term's bytes.
struct BlockHeader: Sendable {
    let kind: BlockKind
    /// Bits a document, or the number of 64-bit words that hold the block's bits.
    let documentWidth: Int
    /// Bits a frequency.
    let frequencyWidth: Int
    /// The pairs beside the best one, which stand before the documents.
    let furtherBounds: Int
    /// Where those pairs start.
    let boundsOffset: Int
    /// Where the documents start.
    let documentsOffset: Int
    /// Where the frequencies start.
    let frequenciesOffset: Int
    /// The number of postings.
    let count: Int

    /// The header of no block.
    static let none = BlockHeader()

    private init() {
        kind = .packed
        documentWidth = 0
        frequencyWidth = 0
        furtherBounds = 0
        boundsOffset = 0
        documentsOffset = 0
        frequenciesOffset = 0
        count = 0
    }

    /// Whether documents are bits: words of the block's own, or of the list's bitmap, whose first and
    /// last word may hold bits of the blocks beside.
    var isBits: Bool { kind != .packed }

    /// The two bytes of a block's metadata: kind (2 bits), document width or words (6), frequency
    /// width (5), further bounds (2).
    static func flags(
        kind: BlockKind, documentWidth: Int, frequencyWidth: Int, furtherBounds: Int
    ) -> UInt16 {
        UInt16(kind.rawValue) | UInt16(documentWidth) << 2 | UInt16(frequencyWidth) << 8
            | UInt16(furtherBounds) << 13
    }

    /// Reads the header of a block of a list with several.
    ///
    /// - Parameters:
    ///   - range: Where the block's data starts and the term's ends.
    ///   - bitmap: Where the words of the list's bitmap with the block's documents are; empty for
    ///     lists without one.
    @inline(__always)
    init(
        flags: UInt16, at place: Int, _ range: Range<Int>, bitmap: Range<Int>, count: Int
    ) throws(Malformed) {
        guard let kind = BlockKind(rawValue: UInt8(flags & 3)), flags < 1 << 15,
            (kind == .listed) == !bitmap.isEmpty
        else {
            throw Malformed(
                at: place, expected: "a block of a kind that fits its list", found: "\(flags)")
        }
        let width = kind == .listed ? bitmap.count / 8 : Int(flags >> 2 & 63)
        try self.init(
            kind: kind, documentWidth: width, frequencyWidth: Int(flags >> 8 & 31),
            furtherBounds: Int(flags >> 13 & 3), range, bitmap: bitmap.lowerBound, count: count)
    }

    /// Reads the header of a list of one block with 2 to 128 postings.
    init(
        single bytes: Span<UInt8>, _ range: Range<Int>, documentFrequency: Int
    ) throws(Malformed) {
        guard range.count >= 2 else {
            throw Malformed(at: range.lowerBound, expected: "2 bytes of a block's widths")
        }
        try self.init(
            kind: .packed, documentWidth: Int(bytes[range.lowerBound]),
            frequencyWidth: Int(bytes[range.lowerBound + 1]), furtherBounds: 0,
            range.lowerBound + 2..<range.upperBound, bitmap: 0, count: documentFrequency)
    }

    @inline(__always)
    private init(
        kind: BlockKind, documentWidth: Int, frequencyWidth: Int, furtherBounds: Int,
        _ range: Range<Int>, bitmap: Int, count: Int
    ) throws(Malformed) {
        self.kind = kind
        self.documentWidth = documentWidth
        self.frequencyWidth = frequencyWidth
        self.furtherBounds = furtherBounds
        self.count = count
        boundsOffset = range.lowerBound
        let dataOffset = range.lowerBound + ScoreBound.byteCount * furtherBounds
        documentsOffset = kind == .listed ? bitmap : dataOffset
        switch kind {
        case .packed: frequenciesOffset = dataOffset + Self.bytes(count, documentWidth)
        case .bitset: frequenciesOffset = dataOffset + 8 * documentWidth
        case .listed: frequenciesOffset = dataOffset
        }
        guard kind != .packed || documentWidth <= 32, frequencyWidth <= 31,
            frequenciesOffset + Self.bytes(count, frequencyWidth) <= range.upperBound
        else {
            throw Malformed(
                at: range.lowerBound, expected: "a block of \(count) postings inside its term")
        }
    }

    /// The bytes of `count` packed values.
    @inline(__always)
    static func bytes(_ count: Int, _ width: Int) -> Int {
        count == SegmentFormat.blockLength
            ? BlockPacking.blockBytes(width: width)
            : BlockPacking.plainBytes(count: count, width: width)
    }
}
