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

    /// Takes the term's positions in some candidates of a batch to a counter: those of the first
    /// lookup begin a candidate, those of the others narrow what is left of it.
    ///
    /// - Parameter isFirst: Begin the candidates, until the counter is full.
    /// - Returns: where the candidates end that were looked at.
    mutating func read(
        _ batch: borrowing CandidateBatch, _ candidates: Range<Int>, isFirst: Bool,
        in list: inout TermList, _ bytes: Span<UInt8>, into counter: inout PhraseCounter
    ) throws(Malformed) -> Int {
        for candidate in candidates {
            if isFirst {
                if counter.isFull { return candidate }
            } else if counter.count(of: candidate) == 0 {
                continue
            }
            let slot = batch.slot(candidate)
            let document = batch.documents[slot]
            let place: Int
            if let resident = list.resident {
                place = try enter(document, in: resident, of: &list, bytes)
            } else {
                let known = number == 0 ? slot : batch.place(ofSlot: slot, in: list, number: number)
                let holder = try list.seekFrequencies(of: document, bytes)
                if holder != block { try enter(holder, of: &list, bytes) }
                place =
                    known == TermList.unknownPlace ? try list.rank(of: document, bytes) : known
            }
            // Lists whose blocks damage has put out of order may give a place in another block.
            guard place < list.frequencyHeader.count else {
                throw Malformed(
                    at: list.layout.range.lowerBound,
                    expected: "document \(document) in its block")
            }
            let start = places[place]
            let count = places[place + 1] - start
            let first = try reader.seek(start, count: count, total: places.total, bytes)
            let values = first..<first + count
            if isFirst {
                counter.begin(candidate, reader.values, values, offset: offset)
            } else {
                counter.narrow(candidate, reader.values, values, offset: offset)
            }
        }
        return candidates.upperBound
    }

    /// Goes to the block of a document, whose place there it returns.
    private mutating func enter(
        _ document: UInt32, in resident: ResidentPostings, of list: inout TermList,
        _ bytes: Span<UInt8>
    ) throws(Malformed) -> Int {
        guard let place = resident.place(of: document) else {
            throw Malformed(
                at: list.layout.range.lowerBound, expected: "document \(document)")
        }
        let holder = place / BlockPacking.blockLength
        if holder != block { try enter(holder, of: &list, bytes) }
        return place % BlockPacking.blockLength
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
