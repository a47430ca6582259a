/// What the dictionary of a field says about a term.
public struct TermEntry: Hashable, Sendable {
    /// The documents of this segment that hold the term, at least 1.
    public let documentFrequency: UInt32
    /// The documents of the whole index that hold it; at least `documentFrequency`.
    public let globalDocumentFrequency: UInt64
    /// Where its postings are, in bytes of the field's postings section.
    let postings: Range<Int>
    /// Where its positions are, in bytes of the field's positions section; empty without any.
    let positions: Range<Int>

    /// The blocks of up to 128 documents that its postings fill.
    public var blockCount: Int {
        (Int(documentFrequency) + SegmentFormat.blockLength - 1) / SegmentFormat.blockLength
    }
}
