/// One indexed field of a segment: its terms, postings and lengths.
///
/// Keyword fields are text fields without positions whose documents have length 1, or 0 without a
/// value; their frequencies are all 1. Immutable; keeps the segment's file mapped. A reference, so
/// that searches do not copy what it holds.
public final class FieldReader: Sendable {
    /// The field's number in the schema.
    public let number: FieldNumber
    /// The field's name.
    public let name: String
    /// How its values became terms.
    public let kind: Field.Kind
    /// The sum of its lengths over the segment's documents, in tokens.
    public let tokenCount: UInt64
    /// The number of its terms in this segment.
    public var termCount: Int { dictionary.termCount }
    /// Whether `PostingsCursor.appendPositions` gives positions.
    public var hasPositions: Bool { positions != nil }

    /// What the stored best bounds and ranks were computed with.
    let buildNorms: NormParameters
    let dictionary: TermDictionary
    let postings: FileSection
    let positions: FileSection?
    let lengths: FileSection
    let documentCount: Int

    init(
        _ entry: FieldTable.Entry, dictionary: TermDictionary, postings: FileSection,
        positions: FileSection?, lengths: FileSection, documentCount: Int
    ) {
        number = FieldNumber(entry.number)
        name = entry.name
        kind = entry.kind
        tokenCount = entry.tokenCount
        buildNorms = entry.norms
        self.dictionary = dictionary
        self.postings = postings
        self.positions = positions
        self.lengths = lengths
        self.documentCount = documentCount
    }

    /// Finds a term.
    ///
    /// Logarithmic in the number of terms, with one block of 16 terms read.
    ///
    /// - Returns: Nil when no document of the segment holds it.
    public func lookup(_ term: TermBytes) throws(IndexError) -> TermEntry? {
        try dictionary.lookup(term)
    }

    /// A cursor before the first block of a term's postings.
    ///
    /// - Parameter entry: What `lookup` of this field gave.
    public func postings(_ entry: TermEntry) throws(IndexError) -> PostingsCursor {
        try PostingsCursor(
            entry, postings: postings, positions: positions, documentCount: documentCount)
    }

    /// Calls `body` with the length codes of all documents, indexed by document number.
    ///
    /// The span has one `LengthCode.rawValue` per document and is valid for the call only.
    public func withLengthCodes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try lengths.file.withBytes(lengths.range, body)
    }
}
