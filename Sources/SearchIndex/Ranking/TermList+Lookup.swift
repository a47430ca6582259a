// Looking documents up.
extension TermList {
    /// The place of a candidate in its block when only its bitset tells.
    static let unknownPlace = 255

    /// Whether a list holds `document`; documents must be asked for in ascending order.
    mutating func contains(
        _ document: UInt32, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Bool {
        guard try seekBlock(document, bytes) else { return false }
        if header.kind == .bitset {
            let word = Int(document >> 6) &- Int(layout.base(ofBlock: block, bytes) >> 6)
            guard word >= 0, word < header.documentWidth else { return false }
            let bits = bytes.loadInteger(
                at: header.documentsOffset &+ 8 &* word, as: UInt64.self)
            return bits >> UInt64(document & 63) & 1 == 1
        }
        try decodeDocuments(bytes)
        return documents[Self.lowerBound(documents.span, document)] == document
    }

    /// Looks up candidates that are not behind the current block's last document.
    ///
    /// For each of the first `count` of `slots` the place of `candidates[slot]` in the block, or -1,
    /// goes to the same index of `places`; in bitsets `unknownPlace` for all that are there.
    mutating func locate(
        _ candidates: [UInt32], _ slots: [Int], count: Int, _ bytes: Span<UInt8>,
        into places: inout [Int]
    ) throws(Malformed) {
        if header.kind == .bitset {
            let base = layout.base(ofBlock: block, bytes)
            Self.testBits(
                candidates, slots, count: count, header, base: base, bytes, into: &places)
        } else {
            try decodeDocuments(bytes)
            Self.search(candidates, slots, count: count, in: documents, into: &places)
        }
    }

    /// Puts places into `places` for documents whose place is unknown; all are in the block of the
    /// frequencies, ascending.
    mutating func rank(
        _ candidates: [UInt32], _ slots: [Int], count: Int, _ bytes: Span<UInt8>,
        into places: inout [Int]
    ) throws(Malformed) {
        guard frequencyHeader.kind == .bitset, !areSingle else { return }
        for index in 0..<count where places[index] >= 0 {
            places[index] = try rank(of: candidates[slots[index]], bytes)
        }
    }

    @inline(__always)
    private static func search(
        _ candidates: [UInt32], _ slots: [Int], count: Int, in values: [UInt32],
        into places: inout [Int]
    ) {
        let values = values.span
        let candidates = candidates.span
        let slots = slots.span
        var places = places.mutableSpan
        for index in 0..<count {
            let document = candidates[slots[index]]
            let found = lowerBound(values, document)
            places[index] = values[found] == document ? found : -1
        }
    }

    @inline(__always)
    private static func testBits(
        _ candidates: [UInt32], _ slots: [Int], count: Int, _ header: BlockHeader, base: UInt32,
        _ bytes: Span<UInt8>, into places: inout [Int]
    ) {
        let candidates = candidates.span
        let slots = slots.span
        var places = places.mutableSpan
        let start = header.documentsOffset
        let words = UInt32(header.documentWidth)
        let first = base >> 6
        for index in 0..<count {
            let document = candidates[slots[index]]
            let word = (document >> 6) &- first
            // Documents before the base wrap around to great words, or meet bits that are zero.
            guard word < words else {
                places[index] = -1
                continue
            }
            let bits = bytes.loadInteger(at: start &+ 8 &* Int(word), as: UInt64.self)
            // All ones, or with a one bit the number that stands for an unknown place.
            places[index] = (Int(bits >> UInt64(document & 63) & 1) &- 1) | unknownPlace
        }
    }

    /// The first of 128 ascending documents that is not below `document`, or the last one.
    ///
    /// Seven steps without branches, so that searches for several documents overlap in time.
    @inline(__always)
    private static func lowerBound(_ values: Span<UInt32>, _ document: UInt32) -> Int {
        var low = 0
        var step = BlockPacking.blockLength / 2
        while step > 0 {
            // All ones where the value is below the document, else zero.
            let isBelow = (Int(values[low &+ step &- 1]) &- Int(document)) >> 63
            low &+= step & isBelow
            step >>= 1
        }
        return low
    }
}

// Sets of all documents.
extension TermList {
    /// Sets the bits of all the term's documents.
    mutating func insertAll(
        into words: inout [UInt64], _ bytes: Span<UInt8>, _ meter: inout WorkMeter
    ) throws(ListFailure) {
        for number in 0..<blockCount {
            try meter.spendOrFail(BlockPacking.blockLength)
            do throws(Malformed) {
                try enter(number, bytes)
                if header.kind == .bitset {
                    try insertBitset(into: &words, bytes)
                } else {
                    try decodeDocuments(bytes)
                    Self.insert(documents, count: count, into: &words)
                }
            } catch {
                throw .malformed(error)
            }
        }
        rewind()
    }

    private func insertBitset(
        into words: inout [UInt64], _ bytes: Span<UInt8>
    ) throws(Malformed) {
        let first = Int(layout.base(ofBlock: block, bytes) >> 6)
        guard first + header.documentWidth <= words.count else {
            throw Malformed(at: header.documentsOffset, expected: "a bitset inside the segment")
        }
        for index in 0..<header.documentWidth {
            words[first + index] |= bytes.loadInteger(
                at: header.documentsOffset + 8 * index, as: UInt64.self)
        }
    }

    @inline(__always)
    private static func insert(
        _ documents: [UInt32], count: Int, into words: inout [UInt64]
    ) {
        let documents = documents.span
        var words = words.mutableSpan
        for index in 0..<count {
            let document = documents[index]
            words[Int(document >> 6)] |= 1 << UInt64(document & 63)
        }
    }
}
