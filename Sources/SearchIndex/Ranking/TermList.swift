/// One term's postings in one segment as the list algorithms use them: bounds without decoding,
/// blocks decoded in parts, membership of many documents at a time.
///
/// Only moves forward. `bytes` is always the whole segment file.
struct TermList {
    /// What the term's saturated frequency is multiplied by.
    let weight: Float
    /// What scores depend on beside the postings.
    let scoring: FieldScoring
    /// The place of the term's leaf in the canonical order of addition.
    let leaf: Int
    /// What no contribution of the term in this segment exceeds.
    private(set) var maximum: Float = 0
    /// The number of documents with the term.
    var documentFrequency: Int { layout.documentFrequency }
    var blockCount: Int { layout.blockCount }

    private let layout: PostingsLayout
    /// Whether the stored best bounds and ranks hold under the statistics in force.
    private let isAsBuilt: Bool
    /// The current block, -1 before the first, `blockCount` behind the last.
    private(set) var block = -1
    private(set) var header = BlockHeader.none
    /// The last document of the current block; of lists of one block known only once decoded.
    private(set) var last: UInt32 = 0
    /// The current block's documents and frequencies, as far as decoded.
    private(set) var documents: [UInt32]
    private(set) var frequencies: [UInt32]
    private var hasDocuments = false
    private var hasFrequencies = false
    /// The block that `header`, `last` and what is decoded belong to.
    private var entered = -1
    /// Words of the current bitset that were counted, and the postings in them.
    private var rankedWords = 0
    private var rank = 0

    init(
        _ layout: PostingsLayout, weight: Float, leaf: Int, scoring: FieldScoring,
        _ bytes: Span<UInt8>
    ) throws(Malformed) {
        self.layout = layout
        self.weight = weight
        self.leaf = leaf
        self.scoring = scoring
        isAsBuilt = scoring.isAsBuilt
        documents = [UInt32](repeating: 0, count: BlockPacking.blockLength)
        frequencies = [UInt32](repeating: 0, count: BlockPacking.blockLength)
        maximum = try findMaximum(bytes)
    }

    private mutating func findMaximum(_ bytes: Span<UInt8>) throws(Malformed) -> Float {
        var best: Float = 0
        if blockCount > 1 {
            let table = scoring.norms
            let norms = table.norms.span
            for index in 0..<layout.termBoundCount {
                best = max(best, BM25.bound(layout.termBound(index, bytes), norms: norms))
            }
            return weight * best
        }
        try load(0, bytes)
        try decodeFrequencies(bytes)
        for index in 0..<count { best = max(best, contribution(index, bytes)) }
        block = -1
        return best
    }

    /// Goes back before the first block.
    mutating func rewind() { block = -1 }

    /// The number of documents of the current block.
    @inline(__always)
    var count: Int { header.count }

    /// A score that at least `k` documents reach through this term alone, or nil if none is known.
    mutating func knownScore(k: Int, _ bytes: Span<UInt8>) throws(Malformed) -> Float? {
        guard k > 0, k <= documentFrequency else { return nil }
        guard blockCount == 1 else {
            guard isAsBuilt, let index = SegmentFormat.storedRanks.firstIndex(where: { $0 >= k }),
                let pair = layout.ranked(index, bytes)
            else { return nil }
            let norm = scoring.norms.norms[Int(pair.lengthCode.rawValue)]
            return BM25.contribution(weight: weight, frequency: pair.frequency, norm: norm)
        }
        try load(0, bytes)
        try decodeFrequencies(bytes)
        var scores: [Float] = []
        for index in 0..<count { scores.append(contribution(index, bytes)) }
        scores.sort(by: >)
        block = -1
        return scores[k - 1]
    }

    /// What no contribution in a block exceeds; the term's maximum in lists of one block.
    @inline(__always)
    func bound(ofBlock block: Int, _ bytes: Span<UInt8>) throws(Malformed) -> Float {
        guard blockCount > 1 else { return maximum }
        let table = scoring.norms
        let norms = table.norms.span
        var best = BM25.bound(layout.bestBound(ofBlock: block, bytes), norms: norms)
        if !isAsBuilt {
            let header = try layout.header(ofBlock: block, bytes)
            for index in 0..<header.furtherBounds {
                let pair = ScoreBound(
                    bytes, at: header.boundsOffset + ScoreBound.byteCount * index)
                best = max(best, BM25.bound(pair, norms: norms))
            }
        }
        return weight * best
    }

    /// What a block's documents are not below.
    @inline(__always)
    func firstPossible(ofBlock block: Int, _ bytes: Span<UInt8>) -> UInt32 {
        layout.base(ofBlock: block, bytes)
    }

    /// Goes to a block and decodes its documents.
    @inline(__always)
    mutating func load(_ block: Int, _ bytes: Span<UInt8>) throws(Malformed) {
        try enter(block, bytes)
        try decodeDocuments(bytes)
    }

    /// Goes to a block without decoding anything.
    private mutating func enter(_ block: Int, _ bytes: Span<UInt8>) throws(Malformed) {
        self.block = block
        rankedWords = 0
        rank = 0
        guard block != entered else { return }
        entered = -1
        hasDocuments = false
        hasFrequencies = false
        header = try layout.header(ofBlock: block, bytes)
        last = layout.lastDocument(ofBlock: block, bytes)
        entered = block
    }

    private mutating func decodeDocuments(_ bytes: Span<UInt8>) throws(Malformed) {
        if hasDocuments { return }
        try layout.decodeDocuments(block, header, bytes, into: &documents)
        // Searches run over all 128 places.
        for index in header.count..<BlockPacking.blockLength { documents[index] = .max }
        hasDocuments = true
    }

    /// Decodes the current block's frequencies, if that was not done.
    @inline(__always)
    mutating func decodeFrequencies(_ bytes: Span<UInt8>) throws(Malformed) {
        if hasFrequencies { return }
        layout.decodeFrequencies(header, bytes, into: &frequencies)
        hasFrequencies = true
    }

    /// What scores documents of the list.
    @inline(__always)
    var scorer: TermScorer {
        TermScorer(weight: weight, lengthsOffset: scoring.lengthsOffset)
    }

    /// The contribution of posting `index` of the current block, whose parts are decoded.
    func contribution(_ index: Int, _ bytes: Span<UInt8>) -> Float {
        scoring.contribution(weight, documents[index], frequencies[index], bytes)
    }
}

// Looking documents up.
extension TermList {
    /// Moves to the block that can hold `document`; false behind the last one.
    @inline(__always)
    mutating func seekBlock(
        _ document: UInt32, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Bool {
        if block >= 0, block < blockCount, document <= last { return true }
        guard block < blockCount else { return false }
        let next = layout.firstBlock(reaching: document, from: max(0, block + 1), bytes)
        guard next < blockCount else {
            block = blockCount
            return false
        }
        try enter(next, bytes)
        return true
    }

    /// The place of `document` in the current block, whose last document is not below it; nil if it
    /// is not there. Documents must be asked for in ascending order. Without `isRanked` any place will
    /// do for one that is there.
    mutating func find(
        _ document: UInt32, isRanked: Bool = true, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Int? {
        if header.kind == .bitset {
            let base = layout.base(ofBlock: block, bytes)
            return try findInBitset(document, base: base, isRanked: isRanked, bytes)
        }
        try decodeDocuments(bytes)
        let found = Self.lowerBound(documents.span, document)
        return documents[found] == document ? found : nil
    }

    /// Looks up candidates that are not behind the current block's last document.
    ///
    /// For each of the first `count` of `slots` the place of `candidates[slot]` in the block, or -1,
    /// goes to the same index of `places`. Without `isRanked` any place will do for one that is there.
    mutating func locate(
        _ candidates: [UInt32], _ slots: [Int], count: Int, isRanked: Bool,
        _ bytes: Span<UInt8>, into places: inout [Int]
    ) throws(Malformed) {
        if header.kind == .bitset {
            return try locateInBitset(
                candidates, slots, count: count, isRanked: isRanked, bytes, into: &places)
        }
        try decodeDocuments(bytes)
        Self.locate(candidates, slots, count: count, in: documents, into: &places)
    }

    /// `locate` among decoded documents.
    @inline(__always)
    private static func locate(
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

    /// `locate` in a bitset: first who is there, then at which place.
    private mutating func locateInBitset(
        _ candidates: [UInt32], _ slots: [Int], count: Int, isRanked: Bool,
        _ bytes: Span<UInt8>, into places: inout [Int]
    ) throws(Malformed) {
        let base = layout.base(ofBlock: block, bytes)
        Self.testBits(
            candidates, slots, count: count, header, base: base, bytes, into: &places)
        guard isRanked else { return }
        for index in 0..<count where places[index] >= 0 {
            places[index] =
                try findInBitset(
                    candidates[slots[index]], base: base, isRanked: true, bytes) ?? -1
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
            places[index] = Int(bits >> UInt64(document & 63) & 1) &- 1
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

    /// The rank of a document in the current bitset, or nil; counts the words before it only once.
    /// Without `isRanked` any number, if it is there.
    @inline(__always)
    private mutating func findInBitset(
        _ document: UInt32, base: UInt32, isRanked: Bool, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Int? {
        guard document >= base else { return nil }
        let word = Int(document >> 6) &- Int(base >> 6)
        guard word < header.documentWidth else { return nil }
        let bits = bytes.loadInteger(at: header.documentsOffset &+ 8 &* word, as: UInt64.self)
        let bit = UInt64(document & 63)
        guard bits >> bit & 1 == 1 else { return nil }
        if !isRanked { return 0 }
        while rankedWords < word {
            rank &+=
                bytes.loadInteger(
                    at: header.documentsOffset &+ 8 &* rankedWords, as: UInt64.self
                ).nonzeroBitCount
            rankedWords &+= 1
        }
        let place = rank &+ (bits & (1 << bit &- 1)).nonzeroBitCount
        guard place < header.count else {
            throw Malformed(
                at: header.documentsOffset, expected: "a bitset of \(header.count) documents")
        }
        return place
    }

    /// Whether a list holds `document`, without telling where; documents must be asked in order.
    mutating func contains(
        _ document: UInt32, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Bool {
        guard try seekBlock(document, bytes) else { return false }
        return try find(document, isRanked: false, bytes) != nil
    }

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
        block = -1
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

    /// Where the positions of the current block start, in bytes from the term's first.
    func positionsOffset(_ bytes: Span<UInt8>) -> Int {
        layout.positionsOffset(ofBlock: block, bytes)
    }
}
