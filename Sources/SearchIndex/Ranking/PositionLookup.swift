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
    private var places = ValuePlaces()

    init(_ list: TermList, offset: UInt32, range: Range<Int>) {
        self.list = list
        self.offset = offset
        self.range = range
        documentFrequency = list.documentFrequency
    }

    /// Reads the positions of the term in `document` into the first places of `positions`, which
    /// grows as needed; returns how many there are, 0 if the term is not there.
    mutating func read(
        _ document: UInt32, _ bytes: Span<UInt8>, into positions: inout [UInt32]
    ) throws(Malformed) -> Int {
        guard try list.seekBlock(document, bytes), let place = try list.find(document, bytes)
        else { return 0 }
        if list.block != block {
            block = list.block
            let start = range.lowerBound + list.positionsOffset(bytes)
            reader.startBlock(min(start, range.upperBound)..<range.upperBound)
            try list.decodeFrequencies(bytes)
            places.set(list.frequencies, count: list.count)
        }
        let count = Int(list.frequencies[place])
        try reader.read(
            from: places[place], count: count, total: places.total, bytes, into: &positions)
        return count
    }
}
