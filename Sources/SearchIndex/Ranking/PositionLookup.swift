/// Reads the positions of one term of a phrase in documents that hold it, in ascending order.
///
/// Few documents get so far; where the term's list holds them is known by then.
struct PositionLookup {
    /// The number of the term's list among the required ones.
    let number: Int
    /// The term's position relative to the phrase's first.
    let offset: UInt32
    /// Where the term's positions are in the file.
    private let range: Range<Int>
    private var block = -1
    /// The number of the block's postings.
    private var blockCount = 0
    /// What positions are read to; to be had back by whoever lent it.
    var buffers: LookupBuffers

    /// - Parameter buffers: Of another lookup, perhaps.
    init(number: Int, offset: UInt32, range: Range<Int>, buffers: consuming LookupBuffers) {
        self.number = number
        self.offset = offset
        self.range = range
        self.buffers = buffers
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
        try locate(batch, candidates, isFirst: isFirst, in: &list, bytes, counter)
        var candidate = candidates.lowerBound
        while candidate < candidates.upperBound {
            if isFirst, counter.isFull { return candidate }
            guard buffers.postings[candidate] >= 0 else {
                candidate += 1
                continue
            }
            let holder = buffers.postings[candidate] / BlockPacking.blockLength
            if holder != block { try enter(holder, of: &list, bytes) }
            let run = try run(from: candidate, through: candidates.upperBound, of: list)
            let start = buffers.places.start(ofPosting: buffers.postings[candidate])
            let count = buffers.places.end(ofPosting: buffers.postings[run.upperBound - 1]) - start
            let first = try buffers.reader.seek(
                start, count: count, total: buffers.places.total, bytes)
            if isFirst {
                counter.begin(
                    run, buffers.postings, buffers.places, buffers.reader.values,
                    shift: start - first, offset: offset)
            } else {
                counter.narrow(
                    run, buffers.postings, buffers.places, buffers.reader.values,
                    shift: start - first, offset: offset)
            }
            candidate = run.upperBound
        }
        return candidates.upperBound
    }

    /// The candidates from one on whose positions are in the current block, close together.
    private func run(
        from first: Int, through end: Int, of list: borrowing TermList
    ) throws(Malformed) -> Range<Int> {
        let limit = block * BlockPacking.blockLength + blockCount
        // Lists whose blocks damage has put out of order may give a place in another block.
        guard buffers.postings[first] < limit else {
            throw Malformed(
                at: list.layout.range.lowerBound, expected: "a posting of block \(block)")
        }
        var last = first
        var candidate = first + 1
        while candidate < end, buffers.postings[candidate] < limit {
            defer { candidate += 1 }
            if buffers.postings[candidate] < 0 { continue }
            let gap =
                buffers.places.start(ofPosting: buffers.postings[candidate])
                - buffers.places.end(ofPosting: buffers.postings[last])
            guard buffers.postings[candidate] > buffers.postings[last],
                gap <= SegmentFormat.blockLength
            else {
                break
            }
            last = candidate
        }
        return first..<last + 1
    }

    /// Finds the places of candidates in the list, in all of its blocks counted through; below zero
    /// for those that are already lost.
    private mutating func locate(
        _ batch: borrowing CandidateBatch, _ candidates: Range<Int>, isFirst: Bool,
        in list: inout TermList, _ bytes: Span<UInt8>, _ counter: borrowing PhraseCounter
    ) throws(Malformed) {
        if buffers.postings.isEmpty {
            buffers.postings = [Int](repeating: 0, count: BlockPacking.blockLength)
        }
        for candidate in candidates {
            buffers.postings[candidate] = -1
            if !isFirst, counter.count(of: candidate) == 0 { continue }
            let slot = batch.slot(candidate)
            if number == 0, !batch.isGathered {
                buffers.postings[candidate] = list.block * BlockPacking.blockLength + slot
                continue
            }
            let document = batch.documents[slot]
            if let resident = list.resident {
                buffers.postings[candidate] = resident.place(of: document) ?? -1
                continue
            }
            let holder = try list.seekFrequencies(of: document, bytes)
            var place = batch.place(ofSlot: slot, in: list, number: number)
            if place == TermList.unknownPlace {
                try list.enterFrequencies(of: holder, bytes)
                place = try list.rank(of: document, bytes)
            }
            buffers.postings[candidate] = holder * BlockPacking.blockLength + place
        }
    }

    private mutating func enter(
        _ block: Int, of list: inout TermList, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        self.block = -1
        try list.enterFrequencies(of: block, bytes)
        let count = list.frequencyHeader.count
        if list.areSingle {
            buffers.places.setSingle(count: count)
        } else {
            buffers.places.set(list.frequencies, count: count)
        }
        let start = range.lowerBound + list.positionsOffset(ofBlock: block, bytes)
        blockCount = count
        buffers.reader.startBlock(min(start, range.upperBound)..<range.upperBound)
        self.block = block
    }
}
