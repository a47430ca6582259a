/// The documents that several lists all hold, a bit each, over the span of one block of a leader.
///
/// Dense lists have a bitmap of all documents: 64 are intersected at once where looking up 128
/// candidates takes as many tests for each list. A packed list about as dense as the leader has few
/// blocks in such a span, whose bits are set one by one.
struct MemberMask {
    /// The longest span, in words of 64 documents.
    private static let longest = 256
    /// A packed list is masked if it has at most so many documents for one of the leader.
    private static let mostPacked = 2

    /// A masked list.
    private struct Member {
        /// Its place among the required ones.
        let place: Int
        /// Its bits; nil for a packed list.
        let bits: ListBits?
        /// The block of a packed list that the last span ended in.
        var block = 0
    }

    private var members: [Member] = []
    /// The documents in all lists so far, and in the current one.
    private var words: [UInt64] = []
    private var own: [UInt64] = []
    private var documents: [UInt32] = []
    /// The span: the number of the first word, and how many there are.
    private var first = 0
    private var count = 0

    /// Whether any list is masked.
    var isActive: Bool { !members.isEmpty }

    /// Makes it a mask of those required lists, behind the first, for which it is cheaper than looking
    /// candidates up. There must be none left of another search.
    mutating func set(_ required: [TermList]) {
        guard let leader = required.first, leader.blockCount > 1 else { return }
        for place in required.indices.dropFirst() {
            let bits = ListBits(required[place])
            let mostPacked = Self.mostPacked * leader.documentFrequency
            if bits != nil || required[place].documentFrequency < mostPacked {
                members.append(Member(place: place, bits: bits))
            }
        }
    }

    /// Forgets the lists; its buffers stay.
    mutating func removeAll() { members.removeAll(keepingCapacity: true) }

    /// Intersects the lists, of which there are some, over the span of a block of the leader; false if
    /// it is too long.
    ///
    /// Spans must be asked for in ascending order.
    mutating func intersect(
        _ required: [TermList], from start: UInt32, through last: UInt32, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Bool {
        first = Int(start >> 6)
        count = Int(last >> 6) - first + 1
        guard count > 0, count <= Self.longest else { return false }
        if words.isEmpty { words = [UInt64](repeating: 0, count: Self.longest) }
        for index in members.indices {
            let step: CandidateKernels.WordStep = index == 0 ? .take : .intersect
            if let bits = members[index].bits {
                Self.combine(&words, (first, count), bits, step, bytes)
                continue
            }
            let list = required[members[index].place].layout
            try collect(list, index, from: start, through: last, bytes)
            Self.combine(&words, count, own, step)
        }
        return true
    }

    private static func combine(
        _ words: inout [UInt64], _ span: (first: Int, count: Int), _ bits: ListBits,
        _ step: CandidateKernels.WordStep, _ bytes: Span<UInt8>
    ) {
        var words = words.mutableSpan
        bits.combine(&words, span.first, span.count, step, bytes)
    }

    private static func combine(
        _ words: inout [UInt64], _ count: Int, _ own: [UInt64], _ step: CandidateKernels.WordStep
    ) {
        var words = words.mutableSpan
        CandidateKernels.combine(&words, count, own.span, from: 0, step)
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

// Making the words.
extension MemberMask {
    /// Sets the bits of one list's documents in the span.
    private mutating func collect(
        _ list: PostingsLayout, _ index: Int, from start: UInt32, through last: UInt32,
        _ bytes: Span<UInt8>
    ) throws(Malformed) {
        if own.isEmpty {
            own = [UInt64](repeating: 0, count: Self.longest)
            documents = [UInt32](repeating: 0, count: BlockPacking.blockLength)
        }
        for word in 0..<count { own[word] = 0 }
        var block = list.firstBlock(reaching: start, from: members[index].block, bytes)
        while block < list.blockCount {
            members[index].block = block
            if list.base(ofBlock: block, bytes) > last { break }
            let header = try list.header(ofBlock: block, bytes)
            try list.decodeDocuments(block, header, bytes, into: &documents)
            Self.insert(documents, header.count, first, into: &own, count)
            if list.lastDocument(ofBlock: block, bytes) >= last { break }
            block += 1
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
}
