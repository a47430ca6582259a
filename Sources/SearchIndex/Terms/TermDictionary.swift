/// The sorted terms of a field: blocks of 16, front-coded, with the start of each block, and the
/// first bytes of its first term, in an index.
///
/// A lookup halves over those bytes, over the first terms of the blocks where these are equal, and
/// then reads one block.
struct TermDictionary: Sendable {
    /// The blocks.
    let terms: FileSection
    /// The offset of each block in `terms` and its key, `SegmentFormat.termIndexEntryBytes` each.
    let index: FileSection
    /// The number of terms.
    let termCount: Int
    /// The limits that every entry is checked against.
    let limits: Limits

    /// What an entry may refer to.
    struct Limits: Sendable {
        /// The documents of the segment.
        let documentCount: Int
        /// The bytes of the field's postings.
        let postingsBytes: Int
        /// The bytes of the field's positions; nil for a field without.
        let positionsBytes: Int?
    }

    /// The number of blocks.
    var blockCount: Int {
        (termCount + SegmentFormat.termsPerBlock - 1) / SegmentFormat.termsPerBlock
    }

    /// The entry of `term`, or nil; logarithmic in the number of blocks.
    func lookup(_ term: TermBytes) throws(IndexError) -> TermEntry? {
        guard let block = try lastBlock(notAbove: term.span, in: 0..<blockCount) else { return nil }
        let start = try blockStart(block)
        let count = termCount(ofBlock: block)
        return try terms.read { (bytes) throws(Malformed) in
            var reader = TermBlockReader(at: start, limits: limits)
            try reader.readBases(bytes)
            return try reader.find(term.span, among: count, bytes)
        }
    }

    private func termCount(ofBlock block: Int) -> Int {
        min(SegmentFormat.termsPerBlock, termCount - block * SegmentFormat.termsPerBlock)
    }

    /// Calls `visit` with the terms of a block in order until it returns false.
    func visitBlock(
        _ block: Int, _ visit: (Span<UInt8>, TermEntry) -> Bool
    ) throws(IndexError) {
        let start = try blockStart(block)
        let count = termCount(ofBlock: block)
        try terms.read { (bytes) throws(Malformed) in
            var reader = TermBlockReader(at: start, limits: limits)
            try reader.readBases(bytes)
            for _ in 0..<count {
                let entry = try reader.readEntry(bytes)
                guard visit(reader.term.span, entry) else { return }
            }
        }
    }

    /// The offset of a block, checked against the section.
    func blockStart(_ block: Int) throws(IndexError) -> Int {
        let limit = UInt64(terms.count)
        return try index.read { (bytes) throws(Malformed) in
            let place = try Self.indexPlace(block, bytes)
            let start = bytes.loadInteger(at: place, as: UInt64.self) & Self.offsetMask
            guard start < limit else {
                throw Malformed(at: place, expected: "an offset below \(limit)", found: "\(start)")
            }
            return Int(start)
        }
    }

    /// The key of a block.
    func key(ofBlock block: Int) throws(IndexError) -> UInt64 {
        try index.read { (bytes) throws(Malformed) in
            Self.key(at: try Self.indexPlace(block, bytes), bytes)
        }
    }

    /// The first 7 bytes of a term as a number that orders like them, zeros behind shorter ones.
    static func key(_ term: Span<UInt8>) -> UInt64 {
        var key: UInt64 = 0
        for index in 0..<7 { key = key << 8 | (index < term.count ? UInt64(term[index]) : 0) }
        return key
    }

    /// An entry of the index: five bytes of offset, low bytes first, and seven of key, high ones first.
    private static let offsetMask: UInt64 = 1 << 40 - 1
    private static let keyMask: UInt64 = 1 << 56 - 1

    private static func indexPlace(_ block: Int, _ bytes: Span<UInt8>) throws(Malformed) -> Int {
        let place = SegmentFormat.termIndexEntryBytes * block
        guard block >= 0, place + SegmentFormat.termIndexEntryBytes <= bytes.count else {
            throw Malformed(at: bytes.count, expected: "an entry for block \(block)")
        }
        return place
    }

    @inline(__always)
    private static func key(at place: Int, _ bytes: Span<UInt8>) -> UInt64 {
        bytes.loadInteger(at: place + 4, as: UInt64.self).byteSwapped & keyMask
    }

    /// The last of some blocks whose first term is not above `term`; nil when all are above.
    func lastBlock(
        notAbove term: Span<UInt8>, in blocks: Range<Int>
    ) throws(IndexError) -> Int? {
        let equal = try self.blocks(withKey: Self.key(term), in: blocks)
        var low = equal.lowerBound
        var high = equal.upperBound
        while low < high {
            let middle = low + (high - low) / 2
            if try isAbove(middle, term) { high = middle } else { low = middle + 1 }
        }
        return low == blocks.lowerBound ? nil : low - 1
    }

    /// The blocks with a key, or where they would be.
    private func blocks(
        withKey key: UInt64, in blocks: Range<Int>
    ) throws(IndexError) -> Range<Int> {
        try index.read { (bytes) throws(Malformed) in
            if !blocks.isEmpty { _ = try Self.indexPlace(blocks.upperBound - 1, bytes) }
            let end = Self.firstBlock(in: blocks, bytes) { $0 > key }
            // Mostly no first term begins like this one, which one look tells.
            guard end > blocks.lowerBound,
                Self.key(at: SegmentFormat.termIndexEntryBytes * (end - 1), bytes) == key
            else { return end..<end }
            return Self.firstBlock(in: blocks.lowerBound..<end, bytes) { $0 >= key }..<end
        }
    }

    /// The first of some blocks, all in the index, whose key passes, or their end.
    @inline(__always)
    private static func firstBlock(
        in blocks: Range<Int>, _ bytes: Span<UInt8>, passes: (UInt64) -> Bool
    ) -> Int {
        var low = blocks.lowerBound
        var high = blocks.upperBound
        while low < high {
            let middle = low + (high - low) / 2
            let key = key(at: SegmentFormat.termIndexEntryBytes * middle, bytes)
            if passes(key) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Whether the first term of a block is above `term`.
    func isAbove(_ block: Int, _ term: Span<UInt8>) throws(IndexError) -> Bool {
        let start = try blockStart(block)
        return try terms.read { (bytes) throws(Malformed) in
            let first = try TermBlockReader.firstTerm(bytes, at: start)
            return BytesOrder.compare(bytes.extracting(first), term) > 0
        }
    }
}

/// Reads a dictionary block entry by entry.
struct TermBlockReader {
    /// The longest term.
    static let maximumTermBytes = 4096

    /// The bytes of the entry read last.
    private(set) var term: [UInt8] = []
    private var cursor: ByteCursor
    private let limits: TermDictionary.Limits
    private var postings = 0
    private var positions = 0

    init(at byteOffset: Int, limits: TermDictionary.Limits) {
        cursor = ByteCursor(at: byteOffset)
        self.limits = limits
    }

    /// Where the block ends, once all its entries are read.
    var byteOffset: Int { cursor.byteOffset }

    /// The bytes of the first term of the block at `byteOffset`.
    static func firstTerm(
        _ bytes: Span<UInt8>, at byteOffset: Int
    ) throws(Malformed) -> Range<Int> {
        var cursor = ByteCursor(at: byteOffset)
        _ = try cursor.varint(bytes)
        _ = try cursor.varint(bytes)
        _ = try cursor.length(bytes, limit: 0, of: "a shared prefix")
        let count = try cursor.length(bytes, limit: maximumTermBytes, of: "a term length")
        let start = try cursor.skip(count, bytes)
        return start..<start + count
    }

    /// Reads where the postings and positions of the first term start.
    mutating func readBases(_ bytes: Span<UInt8>) throws(Malformed) {
        postings = try cursor.length(
            bytes, limit: limits.postingsBytes, of: "a postings offset")
        positions = try cursor.length(
            bytes, limit: limits.positionsBytes ?? 0, of: "a positions offset")
    }

    /// Reads the next entry; its term is then in `term`.
    mutating func readEntry(_ bytes: Span<UInt8>) throws(Malformed) -> TermEntry {
        let (shared, suffix) = try readTerm(bytes, previousLength: term.count)
        term.removeSubrange(shared...)
        term.append(copying: bytes.extracting(suffix))
        return try readNumbers(bytes)
    }

    /// The entry of a term among the next `count`, or nil.
    ///
    /// Compares without putting terms together: of two neighbours only what they do not share can
    /// decide.
    mutating func find(
        _ target: Span<UInt8>, among count: Int, _ bytes: Span<UInt8>
    ) throws(Malformed) -> TermEntry? {
        // How many bytes of the target the term before begins with.
        var matched = 0
        var length = 0
        for _ in 0..<count {
            let (shared, suffix) = try readTerm(bytes, previousLength: length)
            length = shared + suffix.count
            let entry = try readNumbers(bytes)
            // It parts from the term before, and from the target, where that was still equal.
            if shared < matched { return nil }
            // It begins like the term before also where that was below the target.
            if shared > matched { continue }
            var place = suffix.lowerBound
            while place < suffix.upperBound, matched < target.count,
                bytes[place] == target[matched]
            {
                place += 1
                matched += 1
            }
            if place < suffix.upperBound {
                if matched == target.count || bytes[place] > target[matched] { return nil }
            } else if matched == target.count {
                return entry
            }
        }
        return nil
    }

    /// Reads how many bytes the next term shares with the one before, and where the others are.
    @inline(__always)
    private mutating func readTerm(
        _ bytes: Span<UInt8>, previousLength: Int
    ) throws(Malformed) -> (shared: Int, suffix: Range<Int>) {
        let shared = try cursor.length(bytes, limit: previousLength, of: "a shared prefix")
        let count = try cursor.length(
            bytes, limit: Self.maximumTermBytes - shared, of: "a term length")
        let start = try cursor.skip(count, bytes)
        return (shared, start..<start + count)
    }

    /// Reads what follows a term.
    @inline(__always)
    private mutating func readNumbers(_ bytes: Span<UInt8>) throws(Malformed) -> TermEntry {
        let place = cursor.byteOffset
        let frequency = try cursor.length(
            bytes, limit: limits.documentCount, of: "a document frequency")
        guard frequency > 0 else {
            throw Malformed(at: place, expected: "a document frequency above 0", found: "0")
        }
        let elsewhere = try cursor.varint(bytes)
        let (global, overflow) = elsewhere.addingReportingOverflow(UInt64(frequency))
        if overflow { throw Malformed(at: place, expected: "a global document frequency") }
        let postingsCount = try cursor.length(
            bytes, limit: limits.postingsBytes - postings, of: "a postings length")
        var positionsCount = 0
        if let limit = limits.positionsBytes {
            positionsCount = try cursor.length(
                bytes, limit: limit - positions, of: "a positions length")
        }
        defer {
            postings += postingsCount
            positions += positionsCount
        }
        return TermEntry(
            documentFrequency: UInt32(frequency), globalDocumentFrequency: global,
            postings: postings..<postings + postingsCount,
            positions: positions..<positions + positionsCount)
    }
}
