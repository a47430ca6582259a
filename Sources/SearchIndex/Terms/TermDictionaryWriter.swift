/// Writes the terms of a field, in ascending order, as `TermDictionary` reads them.
struct TermDictionaryWriter {
    /// What a term's entry holds besides its bytes.
    struct Entry {
        let documentFrequency: UInt32
        /// At least `documentFrequency`.
        let globalDocumentFrequency: UInt64
        let postingsBytes: Int
        /// Nil in a field without positions.
        let positionsBytes: Int?
    }

    /// The blocks so far.
    private(set) var terms: [UInt8] = []
    /// The index so far.
    private(set) var index: [UInt8] = []
    /// The number of terms so far.
    private(set) var termCount = 0
    private var previous: [UInt8] = []
    private var postings = 0
    private var positions = 0

    /// Adds a term, which must come after all before it.
    mutating func append(_ term: Span<UInt8>, _ entry: Entry) {
        var shared = 0
        if termCount % SegmentFormat.termsPerBlock == 0 {
            appendIndexEntry(term)
            terms.appendVarint(UInt64(postings))
            terms.appendVarint(UInt64(positions))
        } else {
            while shared < min(previous.count, term.count), previous[shared] == term[shared] {
                shared += 1
            }
        }
        terms.appendVarint(UInt64(shared))
        terms.appendVarint(UInt64(term.count - shared))
        terms.append(copying: term.extracting(shared..<term.count))
        terms.appendVarint(UInt64(entry.documentFrequency))
        terms.appendVarint(entry.globalDocumentFrequency - UInt64(entry.documentFrequency))
        terms.appendVarint(UInt64(entry.postingsBytes))
        if let bytes = entry.positionsBytes { terms.appendVarint(UInt64(bytes)) }
        postings += entry.postingsBytes
        positions += entry.positionsBytes ?? 0
        previous.removeSubrange(shared...)
        previous.append(copying: term.extracting(shared..<term.count))
        termCount += 1
    }

    /// Appends where the next block starts, and the key of its first term.
    private mutating func appendIndexEntry(_ term: Span<UInt8>) {
        precondition(terms.count < 1 << 40, "\(terms.count) bytes of terms")
        for byte in 0..<5 { index.append(UInt8(truncatingIfNeeded: terms.count >> (8 * byte))) }
        let key = TermDictionary.key(term)
        for byte in (0..<7).reversed() {
            index.append(UInt8(truncatingIfNeeded: key >> UInt64(8 * byte)))
        }
    }
}
