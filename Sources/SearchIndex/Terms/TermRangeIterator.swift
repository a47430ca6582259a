/// Walks the terms of a dictionary in byte order, forward only, with jumps.
///
/// A step reads one entry; a jump reads first terms of blocks, logarithmically many, and then at
/// most one block.
struct TermRangeIterator {
    private let dictionary: TermDictionary
    private var reader: TermBlockReader
    /// The block that is read; -1 before the first.
    private var block = -1
    /// The entries of the block that were not read.
    private var remaining = 0
    private var current: TermEntry?

    /// An iterator before the first term.
    init(_ dictionary: TermDictionary) {
        self.dictionary = dictionary
        reader = TermBlockReader(at: 0, limits: dictionary.limits)
    }

    /// The bytes of the current term.
    var term: [UInt8] { reader.term }

    /// Moves to the next term; nil at the end.
    mutating func next() throws(IndexError) -> TermEntry? {
        if remaining == 0 {
            guard block + 1 < dictionary.blockCount else {
                current = nil
                return nil
            }
            try open(block + 1)
        }
        remaining -= 1
        current = try dictionary.terms.read { (bytes) throws(Malformed) in
            try reader.readEntry(bytes)
        }
        return current
    }

    /// Moves to the first term that is not below `target`; stays when the current one is not.
    mutating func seek(_ target: Span<UInt8>) throws(IndexError) -> TermEntry? {
        if let current, BytesOrder.compare(reader.term.span, target) >= 0 { return current }
        if let found = try lastBlock(notAbove: target) { try open(found) }
        repeat {
            guard let entry = try next() else { return nil }
            if BytesOrder.compare(reader.term.span, target) >= 0 { return entry }
        } while true
    }

    /// The last block behind the current one whose first term is not above `target`, or nil;
    /// logarithmic in its distance.
    private func lastBlock(notAbove target: Span<UInt8>) throws(IndexError) -> Int? {
        let count = dictionary.blockCount
        var low = block + 1
        var step = 1
        while low + step <= count, try !dictionary.isAbove(low + step - 1, target) {
            low += step
            step *= 2
        }
        let found = try dictionary.lastBlock(
            notAbove: target, in: low..<min(low + step - 1, count))
        return found ?? (low > block + 1 ? low - 1 : nil)
    }

    private mutating func open(_ number: Int) throws(IndexError) {
        let start = try dictionary.blockStart(number)
        reader = TermBlockReader(at: start, limits: dictionary.limits)
        try dictionary.terms.read { (bytes) throws(Malformed) in try reader.readBases(bytes) }
        block = number
        remaining = min(
            SegmentFormat.termsPerBlock,
            dictionary.termCount - number * SegmentFormat.termsPerBlock)
    }
}
