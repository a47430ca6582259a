/// Reads the positions of one term of a phrase in documents that hold it, in ascending order.
///
/// Few documents get so far; where the term's list holds them is known by then.
struct PositionLookup {
    /// The number of the term's list among the required ones.
    let number: Int
    /// The term's position relative to the phrase's first.
    let offset: UInt32
    private var reader = PositionsReader()
    /// Where the term's positions are in the file.
    private let range: Range<Int>
    private var block = -1
    private var places = ValuePlaces()

    init(number: Int, offset: UInt32, range: Range<Int>) {
        self.number = number
        self.offset = offset
        self.range = range
    }

    /// Reads the positions of the term in `document` into the first places of `positions`, which
    /// grows as needed; returns how many there are.
    ///
    /// - Parameter place: The document's place in its block, or `unknownPlace`.
    mutating func read(
        _ document: UInt32, at place: Int, in list: inout TermList, _ bytes: Span<UInt8>,
        into positions: inout [UInt32]
    ) throws(Malformed) -> Int {
        let holder = try list.seekFrequencies(of: document, bytes)
        if holder != block { try enter(holder, of: &list, bytes) }
        var place = place
        if place == TermList.unknownPlace { place = try list.rank(of: document, bytes) }
        // Lists whose blocks damage has put out of order may give a place in another block.
        guard place < list.frequencyHeader.count else {
            throw Malformed(
                at: list.layout.range.lowerBound, expected: "document \(document) in its block")
        }
        let start = places[place]
        let count = places[place + 1] - start
        try reader.read(
            from: start, count: count, total: places.total, bytes, into: &positions)
        return count
    }

    private mutating func enter(
        _ block: Int, of list: inout TermList, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        self.block = -1
        try list.enterFrequencies(of: block, bytes)
        let count = list.frequencyHeader.count
        if list.areSingle {
            places.setSingle(count: count)
        } else {
            places.set(list.frequencies, count: count)
        }
        let start = range.lowerBound + list.positionsOffset(ofBlock: block, bytes)
        reader.startBlock(min(start, range.upperBound)..<range.upperBound)
        self.block = block
    }
}
