/// The documents that several lists all hold, a bit each, over the span of one block of a leader.
///
/// Lists that are dense beside their leader have few blocks in such a span, and many of these are
/// bitsets already: 64 documents are intersected at once where looking up 128 candidates takes as
/// many tests for each list.
struct MemberMask {
    /// The longest span, in words of 64 documents.
    private static let longest = 256
    /// A list is masked with at most so many blocks for one of the leader: of bitsets, each read in a
    /// few words, and of packed ones, each decoded and set bit by bit.
    private static let mostBitsets = 24, mostPacked = 2
    /// Lists that hold one document in so many, or more, are mostly bitsets.
    private static let bitsetGap = 10

    /// Places of the masked lists among the required ones.
    private let members: [Int]
    /// For each of them the block that the last span ended in.
    private var blocks: [Int]
    /// The documents in all lists so far, and in the current one.
    private var words: [UInt64] = []
    private var own: [UInt64] = []
    private var documents: [UInt32] = []
    /// The span: the number of the first word, and how many there are.
    private var first = 0
    private var count = 0

    /// Whether any list is masked.
    var isActive: Bool { !members.isEmpty }

    /// A mask of those required lists, behind the first, for which it is cheaper than looking
    /// candidates up.
    init(_ required: [TermList], documentCount: Int) {
        guard let leader = required.first, leader.blockCount > 1 else {
            members = []
            blocks = []
            return
        }
        members = required.indices.dropFirst().filter { index in
            let frequency = required[index].documentFrequency
            let isBitsets = frequency >= documentCount / Self.bitsetGap
            let most = isBitsets ? Self.mostBitsets : Self.mostPacked
            return frequency / leader.documentFrequency < most && required[index].blockCount > 1
        }
        blocks = members.map { _ in 0 }
        guard !members.isEmpty else { return }
        words = [UInt64](repeating: 0, count: Self.longest)
        own = words
        documents = [UInt32](repeating: 0, count: BlockPacking.blockLength)
    }

    /// Intersects the lists over the span of a block of the leader; false if it is too long, or if no
    /// list is masked.
    ///
    /// Spans must be asked for in ascending order.
    mutating func intersect(
        _ required: [TermList], from start: UInt32, through last: UInt32, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Bool {
        guard !members.isEmpty else { return false }
        first = Int(start >> 6)
        count = Int(last >> 6) - first + 1
        guard count > 0, count <= Self.longest else { return false }
        for index in members.indices {
            try collect(required[members[index]].layout, index, from: start, through: last, bytes)
            if index == 0 {
                swap(&words, &own)
            } else {
                for word in 0..<count { words[word] &= own[word] }
            }
        }
        return true
    }

    /// Goes back to the start of all lists.
    mutating func rewind() {
        for index in blocks.indices { blocks[index] = 0 }
    }

    /// Sets the bits of one list's documents in the span.
    private mutating func collect(
        _ list: PostingsLayout, _ index: Int, from start: UInt32, through last: UInt32,
        _ bytes: Span<UInt8>
    ) throws(Malformed) {
        for word in 0..<count { own[word] = 0 }
        var block = list.firstBlock(reaching: start, from: blocks[index], bytes)
        while block < list.blockCount {
            blocks[index] = block
            let base = list.base(ofBlock: block, bytes)
            if base > last { break }
            let header = try list.header(ofBlock: block, bytes)
            if header.kind == .bitset {
                Self.insert(header, at: Int(base >> 6) - first, bytes, into: &own, count)
            } else {
                try list.decodeDocuments(block, header, bytes, into: &documents)
                Self.insert(documents, header.count, first, into: &own, count)
            }
            if list.lastDocument(ofBlock: block, bytes) >= last { break }
            block += 1
        }
    }

    @inline(__always)
    private static func insert(
        _ header: BlockHeader, at offset: Int, _ bytes: Span<UInt8>, into words: inout [UInt64],
        _ count: Int
    ) {
        var words = words.mutableSpan
        let from = max(0, -offset)
        let to = min(header.documentWidth, count - offset)
        guard from < to else { return }
        for word in from..<to {
            words[offset &+ word] |= bytes.loadInteger(
                at: header.documentsOffset &+ 8 &* word, as: UInt64.self)
        }
    }

    @inline(__always)
    private static func insert(
        _ documents: [UInt32], _ size: Int, _ first: Int, into words: inout [UInt64], _ count: Int
    ) {
        let documents = documents.span
        var words = words.mutableSpan
        for index in 0..<size {
            let word = Int(documents[index] >> 6) &- first
            if word >= 0, word < count { words[word] |= 1 << UInt64(documents[index] & 63) }
        }
    }

    /// Writes the places of those of the first `size` ascending documents that all lists hold into
    /// `places`; returns how many. All must lie in the span.
    @inline(__always)
    func select(_ documents: [UInt32], _ size: Int, into places: inout [Int]) -> Int {
        let documents = documents.span
        let words = words.span
        var places = places.mutableSpan
        var kept = 0
        for index in 0..<size {
            let document = documents[index]
            let word = Int(document >> 6) &- first
            places[kept] = index
            kept &+= Int(truncatingIfNeeded: words[word] >> UInt64(document & 63) & 1)
        }
        return kept
    }
}
