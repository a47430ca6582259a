/// Documents with the most telling words of a text or of another document.
///
/// Before a search it is rewritten into a boolean query of plain terms: those with the highest
/// tf * idf, as the statistics of the index give it.
public struct MoreLikeThisQuery: Sendable, Hashable {
    /// What the documents shall be like.
    public enum Source: Sendable, Hashable {
        /// A text, UTF-8, analysed as each of the fields does.
        case text([UInt8])
        /// The stored values of the document with this id.
        case document(id: [UInt8])
    }

    /// What the documents shall be like.
    public let like: Source
    /// The names of the text or keyword fields whose terms are compared; empty means the default
    /// fields of the schema.
    public let fields: [String]
    /// The most terms of the query that it becomes, at least 1.
    public var maximumQueryTerms = 25
    /// Terms that stand fewer times in a field of the source are left out.
    public var minimumTermFrequency = 2
    /// Terms that fewer documents of the index hold are left out.
    public var minimumDocumentFrequency = 5
    /// Terms that more documents of the index hold are left out.
    public var maximumDocumentFrequency = UInt64.max
    /// How many of the terms have to match, at least 1; a number above that of the terms means all.
    public var minimumShouldMatch = 1
    /// What the score is multiplied by; finite, not negative.
    public var boost: Float = 1

    /// A query for documents like `like`.
    public init(like: Source, fields: [String] = []) {
        self.like = like
        self.fields = fields
    }
}
