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
    private(set) var header: BlockHeader?
    /// The last document of the current block; of lists of one block known only once decoded.
    private(set) var last: UInt32 = 0
    /// The current block's documents and frequencies, as far as decoded.
    private(set) var documents: [UInt32]
    private(set) var frequencies: [UInt32]
    private var hasDocuments = false
    private var hasFrequencies = false
    /// The block that `header`, `last` and what is decoded belong to.
    private var entered = -1
    /// The first posting of the current block that was not passed.
    private var place = 0

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
    var count: Int { header?.count ?? 0 }

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

    /// The last document of a block, without decoding it.
    @inline(__always)
    func lastDocument(ofBlock block: Int, _ bytes: Span<UInt8>) -> UInt32 {
        layout.lastDocument(ofBlock: block, bytes)
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
        place = 0
        guard block != entered else { return }
        entered = -1
        hasDocuments = false
        hasFrequencies = false
        header = try layout.header(ofBlock: block, bytes)
        last = layout.lastDocument(ofBlock: block, bytes)
        entered = block
    }

    private mutating func decodeDocuments(_ bytes: Span<UInt8>) throws(Malformed) {
        guard !hasDocuments, let header else { return }
        try layout.decodeDocuments(block, header, bytes, into: &documents)
        hasDocuments = true
    }

    /// Decodes the current block's frequencies, if that was not done.
    @inline(__always)
    mutating func decodeFrequencies(_ bytes: Span<UInt8>) throws(Malformed) {
        guard !hasFrequencies, let header else { return }
        layout.decodeFrequencies(header, bytes, into: &frequencies)
        hasFrequencies = true
    }

    /// The contribution of posting `index` of the current block, whose parts are decoded.
    @inline(__always)
    func contribution(_ index: Int, _ bytes: Span<UInt8>) -> Float {
        scoring.contribution(
            weight, documents[index], frequencies[index], bytes)
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
    /// is not there.
    @inline(__always)
    mutating func find(
        _ document: UInt32, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Int? {
        if let header, header.kind == .bitset, !hasDocuments {
            guard isInBitset(document, header, bytes) else { return nil }
        }
        try decodeDocuments(bytes)
        let low = Self.lowerBound(documents.span, count: count, from: place, document)
        place = low
        return documents[low] == document ? low : nil
    }

    /// The first of `count` ascending documents from `place` on that is not below `document`, or
    /// the last one.
    @inline(__always)
    private static func lowerBound(
        _ values: Span<UInt32>, count: Int, from place: Int, _ document: UInt32
    ) -> Int {
        var low = place
        // Small steps first: what is looked up next is often near.
        var step = 1
        while low + step < count, values[low + step] < document {
            low += step
            step &*= 2
        }
        var high = min(low + step, count - 1)
        while low < high {
            let middle = (low + high) / 2
            if values[middle] < document { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Whether a list holds `document`, without telling where; documents must be asked in order.
    mutating func contains(
        _ document: UInt32, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Bool {
        guard try seekBlock(document, bytes) else { return false }
        if let header, header.kind == .bitset { return isInBitset(document, header, bytes) }
        return try find(document, bytes) != nil
    }

    @inline(__always)
    private func isInBitset(
        _ document: UInt32, _ header: BlockHeader, _ bytes: Span<UInt8>
    ) -> Bool {
        let base = layout.base(ofBlock: block, bytes)
        guard document >= base else { return false }
        let word = Int(document >> 6) - Int(base >> 6)
        guard word < header.documentWidth else { return false }
        let bits = bytes.loadInteger(at: header.documentsOffset + 8 * word, as: UInt64.self)
        return bits >> UInt64(document & 63) & 1 == 1
    }

    /// Sets the bits of all the term's documents.
    mutating func insertAll(
        into words: inout [UInt64], _ bytes: Span<UInt8>, _ meter: inout WorkMeter
    ) throws(ListFailure) {
        for number in 0..<blockCount {
            try meter.spendOrFail(BlockPacking.blockLength)
            do { try load(number, bytes) } catch { throw .malformed(error) }
            let count = count
            let documents = documents.span
            var target = words.mutableSpan
            for index in 0..<count {
                let document = documents[index]
                target[Int(document >> 6)] |= 1 << UInt64(document & 63)
            }
        }
        block = -1
    }

    /// Where the positions of the current block start, in bytes from the term's first.
    func positionsOffset(_ bytes: Span<UInt8>) -> Int {
        layout.positionsOffset(ofBlock: block, bytes)
    }
}
