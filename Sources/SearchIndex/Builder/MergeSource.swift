/// Documents with their terms that a segment is made from: a run in memory, or another segment.
protocol MergeSource: Sendable {
    /// The number of documents.
    var documentCount: Int { get }
    /// The order keys of all documents, ascending.
    func orderKeys() throws(IndexError) -> [UInt64]
    /// Appends the id of a document.
    func appendID(of document: Int, to bytes: inout [UInt8]) throws(IndexError)
    /// Appends the stored JSON of a document.
    func appendSource(of document: Int, to bytes: inout [UInt8]) throws(IndexError)
    /// The indexed field called `name`, compared as bytes; nil when there is none.
    ///
    /// - Parameter placement: Where the documents go.
    func field(
        named name: String, _ placement: DocumentPlacement
    ) throws(IndexError) -> (any MergeField)?
    /// Adds the values in a field's column to the new segments' columns; nothing without one.
    ///
    /// - Parameters:
    ///   - placement: Where the source's documents go.
    ///   - columns: One for each segment that is made.
    func appendColumn(
        of field: Field, _ placement: DocumentPlacement, to columns: inout [ColumnCollector]
    ) throws(IndexError)
}

/// One field of a source.
protocol MergeField: Sendable {
    /// Where the source's documents go.
    var placement: DocumentPlacement { get }
    /// About how many tokens it has.
    var tokenEstimate: Int { get }
    /// The sum of the lengths of the documents that stay.
    func tokenCount() throws(IndexError) -> UInt64
    /// One length code per document.
    var lengthCodes: [UInt8] { get }
    /// The terms at about `count` - 1 places that cut the field in parts of equal work, ascending.
    func splitTerms(parts count: Int) throws(IndexError) -> [TermBytes]
    /// The terms from `first` on, in the order of their bytes.
    func terms(from first: TermBytes?) throws(IndexError) -> any TermStream
}

/// The terms of a field in the order of their bytes, each with its postings.
protocol TermStream: AnyObject {
    /// The current term; nil at the end.
    var term: TermBytes? { get }
    /// Moves to the next term.
    func advance() throws(IndexError)
    /// Appends the postings of the current term to the terms of the segments they go to.
    ///
    /// - Parameter terms: One for each segment that is made.
    func collect(into terms: inout [PostingsWriter.Term]) throws(IndexError)
}
