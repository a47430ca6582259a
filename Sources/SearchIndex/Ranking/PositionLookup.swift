/// Finds the positions of one term in documents that hold it, asked for in ascending order.
///
/// Walks the term's list behind the search: few documents get so far that positions are read.
struct PositionLookup {
    /// Documents of the segment that hold the term.
    let documentFrequency: Int
    /// The term's position relative to the phrase's first.
    let offset: UInt32
    private var list: TermList
    private var reader = PositionsReader()
    /// Where the term's positions are in the file.
    private let range: Range<Int>
    private var block = -1

    init(_ list: TermList, offset: UInt32, range: Range<Int>) {
        self.list = list
        self.offset = offset
        self.range = range
        documentFrequency = list.documentFrequency
    }

    /// Appends the positions of the term in `document`; nothing if it is not there.
    mutating func append(
        of document: UInt32, _ bytes: Span<UInt8>, to positions: inout [UInt32]
    ) throws(Malformed) {
        guard try list.seekBlock(document, bytes), let place = try list.find(document, bytes)
        else { return }
        try list.decodeFrequencies(bytes)
        if list.block != block {
            block = list.block
            let start = range.lowerBound + list.positionsOffset(bytes)
            reader.startBlock(min(start, range.upperBound)..<range.upperBound)
        }
        try reader.append(
            posting: place, frequencies: list.frequencies, count: list.count, bytes,
            to: &positions)
    }
}
