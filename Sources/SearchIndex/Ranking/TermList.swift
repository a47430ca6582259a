/// One term's postings in one segment as the list algorithms use them: bounds without decoding,
/// blocks decoded in parts, membership of many documents at a time.
///
/// Documents and frequencies are decoded apart, each a block at a time: an intersection is far ahead
/// in a list's documents when it asks for the frequencies of the few that are left. `bytes` is
/// always the whole segment file.
struct TermList {
    /// What the term's saturated frequency is multiplied by.
    let weight: Float
    /// What scores depend on beside the postings.
    let scoring: FieldScoring
    /// The place of the term's leaf in the canonical order of addition.
    let leaf: Int
    /// What the term's saturated frequency exceeds in no document of the segment.
    let greatest: Float
    /// What no contribution of the term in this segment exceeds.
    var maximum: Float { weight * greatest }
    /// The number of documents with the term.
    var documentFrequency: Int { layout.documentFrequency }
    var blockCount: Int { layout.blockCount }
    /// The share of the segment's documents that have the term.
    var density: Float { Float(documentFrequency) / Float(layout.documentLimit) }

    let layout: PostingsLayout
    /// The postings in memory, of some frequent terms.
    let resident: ResidentPostings?
    /// Blocks that were looked into for single documents, or taken whole where bits or impact levels
    /// could have told which documents are worth it; documents, if the list is resident.
    private(set) var lookupCount = 0
    /// What saturated frequencies that the list's impact levels give are multiplied by to bound
    /// contributions; nil without levels that can be used.
    let impactWeight: Float?
    /// Whether the stored best bounds and ranks hold under the statistics in force.
    private let isAsBuilt: Bool

    /// The current block, -1 before the first, `blockCount` behind the last.
    private(set) var block = -1
    private(set) var header = BlockHeader.none
    /// The last document of the current block; of lists of one block known only once decoded.
    private(set) var last: UInt32 = 0
    /// The current block's documents, once decoded.
    private(set) var documents: [UInt32] = []
    private var hasDocuments = false
    /// The block that `header`, `last` and `documents` belong to.
    private var entered = -1

    /// The block that `frequencies` belong to, -1 for none.
    private(set) var frequencyBlock = -1
    private(set) var frequencyHeader = BlockHeader.none
    /// The frequencies of that block; not decoded where all of them are 1.
    ///
    /// There are twice as many places as a block has, so that places of another block, which damaged
    /// lists may give, and `unknownPlace` stay inside; every one holds at least 1.
    private(set) var frequencies: [UInt32] = []
    /// Words of that block's bits that were counted, and the postings in them.
    private var rankedWords = 0
    private var rank = 0
    /// The block that frequencies were last sought in.
    private var soughtBlock = 0

    /// - Parameter greatest: What the saturated frequency exceeds in no document.
    init(
        _ layout: PostingsLayout, resident: ResidentPostings? = nil, weight: Float, leaf: Int,
        scoring: FieldScoring, greatest: Float
    ) {
        self.layout = layout
        self.resident = resident
        self.weight = weight
        self.leaf = leaf
        self.scoring = scoring
        self.greatest = greatest
        impactWeight = resident?.impacts?.widening(under: scoring.norms.parameters).map {
            weight * $0
        }
        isAsBuilt = scoring.isAsBuilt
    }

    /// What the saturated frequency of a term exceeds in no document of the segment. Decodes lists of
    /// one block.
    static func greatest(
        of layout: PostingsLayout, _ scoring: FieldScoring, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Float {
        var best: Float = 0
        if layout.blockCount > 1 {
            let table = scoring.norms
            let norms = table.norms.span
            for index in 0..<layout.termBoundCount {
                best = max(best, BM25.bound(layout.termBound(index, bytes), norms: norms))
            }
            return best
        }
        var list = TermList(layout, weight: 1, leaf: 0, scoring: scoring, greatest: 0)
        try list.load(0, bytes)
        try list.enterFrequencies(of: 0, bytes)
        for index in 0..<list.count {
            best = max(
                best,
                scoring.contribution(1, list.documents[index], list.frequencies[index], bytes))
        }
        return best
    }

    /// Counts documents that were looked up in memory.
    @inline(__always)
    mutating func countLookups(_ count: Int) { lookupCount &+= count }

    /// Goes back before the first block.
    mutating func rewind() { block = -1 }

    /// The number of documents of the current block.
    @inline(__always)
    var count: Int { header.count }

    /// A score that at least `k` documents reach through this term alone, or nil if none is known,
    /// as in lists of one block.
    func knownScore(k: Int, _ bytes: Span<UInt8>) -> Float? {
        guard k > 0, k <= documentFrequency else { return nil }
        guard isAsBuilt, let index = SegmentFormat.storedRanks.firstIndex(where: { $0 >= k }),
            let pair = layout.ranked(index, bytes)
        else { return nil }
        let norm = scoring.norms.norms[Int(pair.lengthCode.rawValue)]
        return BM25.contribution(weight: weight, frequency: pair.frequency, norm: norm)
    }

    /// The list, whose buffers are then gone here: nothing is copied when it changes. To be put back.
    mutating func take() -> TermList {
        let list = self
        documents = []
        frequencies = []
        return list
    }

    /// Takes buffers over that a list before was done with; to be given before anything is decoded.
    mutating func adopt(_ buffers: consuming BlockBuffers) {
        documents = buffers.documents
        frequencies = buffers.frequencies
    }

    /// Gives its buffers away; nothing is decoded any more then.
    mutating func giveBuffers() -> BlockBuffers {
        var buffers = BlockBuffers()
        swap(&buffers.documents, &documents)
        swap(&buffers.frequencies, &frequencies)
        entered = -1
        hasDocuments = false
        frequencyBlock = -1
        return buffers
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

    /// The first block from `start` on whose bound, with `rest` added, reaches what is needed, or
    /// `blockCount`. Nothing is decoded.
    func firstBlock(
        from start: Int, reaching needed: Float, with rest: Float, _ meter: inout WorkMeter,
        _ bytes: Span<UInt8>
    ) throws(ListFailure) -> Int {
        let block: Int
        do throws(Malformed) {
            block = try nextBlock(from: start, reaching: needed, with: rest, bytes)
        } catch {
            throw .malformed(error)
        }
        if block > start { try meter.spendOrFail(block - start) }
        return block
    }

    /// `firstBlock` for searches that spend for the blocks themselves.
    @inline(__always)
    func nextBlock(
        from start: Int, reaching needed: Float, with rest: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Int {
        var block = start
        while block < blockCount, try bound(ofBlock: block, bytes) + rest < needed { block += 1 }
        return block
    }

    /// What a block's documents are not below.
    @inline(__always)
    func firstPossible(ofBlock block: Int, _ bytes: Span<UInt8>) -> UInt32 {
        layout.base(ofBlock: block, bytes)
    }

    /// Where the positions of a block start, in bytes from the term's first.
    func positionsOffset(ofBlock block: Int, _ bytes: Span<UInt8>) -> Int {
        layout.positionsOffset(ofBlock: block, bytes)
    }

    /// Where the length codes of all documents of the segment are.
    @inline(__always)
    var lengths: Range<Int> {
        scoring.lengthsOffset..<scoring.lengthsOffset + Int(layout.documentLimit)
    }

    /// What scores documents of the list.
    @inline(__always)
    var scorer: TermScorer {
        TermScorer(weight: weight, lengthsOffset: scoring.lengthsOffset)
    }
}

// Documents.
extension TermList {
    /// Goes to a block and decodes its documents.
    @inline(__always)
    mutating func load(_ block: Int, _ bytes: Span<UInt8>) throws(Malformed) {
        try enter(block, bytes)
        try decodeDocuments(bytes)
    }

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
        lookupCount &+= 1
        try enter(next, bytes)
        return true
    }

    /// Goes to a block without decoding anything.
    mutating func enter(_ block: Int, _ bytes: Span<UInt8>) throws(Malformed) {
        self.block = block
        guard block != entered else { return }
        entered = -1
        hasDocuments = false
        header = try layout.header(ofBlock: block, bytes)
        last = layout.lastDocument(ofBlock: block, bytes)
        entered = block
    }

    /// Decodes the current block's documents, if that was not done.
    @inline(__always)
    mutating func decodeDocuments(_ bytes: Span<UInt8>) throws(Malformed) {
        if hasDocuments { return }
        if documents.isEmpty {
            documents = [UInt32](repeating: 0, count: BlockPacking.blockLength)
        }
        try layout.decodeDocuments(block, header, bytes, into: &documents)
        // Searches run over all 128 places.
        for index in header.count..<BlockPacking.blockLength { documents[index] = .max }
        hasDocuments = true
    }

    /// Gives away the current block's documents, which must be decoded, for a buffer of their size;
    /// to be had again they are decoded anew.
    @inline(__always)
    mutating func giveDocuments(for buffer: inout [UInt32]) {
        swap(&documents, &buffer)
        hasDocuments = false
    }
}

// Frequencies.
extension TermList {
    /// Decodes the frequencies of a block, if that was not done; those that are all 1 are not.
    @inline(__always)
    mutating func enterFrequencies(of block: Int, _ bytes: Span<UInt8>) throws(Malformed) {
        if block == frequencyBlock { return }
        frequencyBlock = -1
        rankedWords = 0
        rank = 0
        frequencyHeader =
            block == entered ? header : try layout.header(ofBlock: block, bytes)
        if frequencies.isEmpty {
            frequencies = [UInt32](repeating: 1, count: 2 * BlockPacking.blockLength)
        }
        if !areSingle { layout.decodeFrequencies(frequencyHeader, bytes, into: &frequencies) }
        frequencyBlock = block
    }

    /// Whether all frequencies of their block are 1.
    @inline(__always)
    var areSingle: Bool { frequencyHeader.frequencyWidth == 0 }

    /// The block that holds a document of the list, for its frequency.
    ///
    /// Asked for in ascending order, gallops from the block before; does not decode anything.
    @inline(__always)
    mutating func seekFrequencies(
        of document: UInt32, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Int {
        let isBehind = document >= layout.base(ofBlock: soughtBlock, bytes)
        let block = layout.firstBlock(
            reaching: document, from: isBehind ? soughtBlock : 0, bytes)
        guard block < blockCount else {
            throw Malformed(at: layout.range.lowerBound, expected: "document \(document)")
        }
        if block != soughtBlock { lookupCount &+= 1 }
        soughtBlock = block
        return block
    }

    /// The place of a document among the bits of the frequencies' block.
    ///
    /// Asked for in ascending order, a block's words are counted once.
    @inline(__always)
    mutating func rank(
        of document: UInt32, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Int {
        let start = frequencyHeader.documentsOffset
        let base = layout.base(ofBlock: frequencyBlock, bytes)
        let word = Int(document >> 6) &- Int(base >> 6)
        guard frequencyHeader.isBits, word >= 0, word < frequencyHeader.documentWidth else {
            throw Malformed(at: start, expected: "document \(document) in its block")
        }
        if word < rankedWords {
            rankedWords = 0
            rank = 0
        }
        // The first word may hold bits of the block before.
        var own = rankedWords == 0 ? UInt64.max << UInt64(base & 63) : .max
        while rankedWords < word {
            let bits = bytes.loadInteger(at: start &+ 8 &* rankedWords, as: UInt64.self) & own
            rank &+= bits.nonzeroBitCount
            rankedWords &+= 1
            own = .max
        }
        let bits = bytes.loadInteger(at: start &+ 8 &* word, as: UInt64.self) & own
        let place = rank &+ (bits & (1 << UInt64(document & 63) &- 1)).nonzeroBitCount
        guard place < frequencyHeader.count else {
            throw Malformed(
                at: start, expected: "the bits of \(frequencyHeader.count) documents")
        }
        return place
    }
}

extension PostingsCache {
    /// Records how often lists were looked into.
    func record(_ lists: [TermList], _ bytes: Span<UInt8>, _ meter: inout WorkMeter) {
        for index in lists.indices where lists[index].lookupCount > 0 {
            record(
                min(lists[index].lookupCount, lists[index].blockCount), of: lists[index].layout,
                lists[index].scoring, bytes, &meter)
        }
    }
}
