/// Why a search ended without an answer.
public enum SearchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The caller's control stopped it: nobody wants the answer any more.
    case cancelled
    /// The caller's control stopped it: the time budget is used up.
    case deadline
    /// The index cannot be read.
    case index(IndexError)
    /// A pattern stands for more than `limit` terms of a shard.
    case tooManyTerms(field: String, limit: Int)
    /// So does one of documents that are left out, which is not cut: that would let some of them in.
    case tooManyExcludedTerms(field: String, limit: Int)
    /// A pattern cannot be read.
    case pattern(field: String, PatternError)
    /// The document to explain, or to find others like it, is not in the index, or was deleted.
    case noSuchDocument(id: String)
    /// The hits cannot be sorted as asked.
    case sort(SortError)
    /// The words of a query cannot be shown in a field, which has no stored text.
    case noText(field: String)
    /// The query holds a node that cannot be searched.
    case unsupported(String)

    /// One sentence.
    public var description: String {
        switch self {
        case .cancelled: "the search was cancelled"
        case .deadline: "the search did not end within its time budget"
        case .index(let error): error.description
        case .tooManyTerms(let field, let limit):
            "a pattern in field \"\(field)\" stands for more than \(limit) terms; make it longer, "
                + "or search leniently"
        case .tooManyExcludedTerms(let field, let limit):
            "a pattern in field \"\(field)\" that leaves documents out stands for more than "
                + "\(limit) terms; make it longer"
        case .pattern(let field, let error): "field \"\(field)\": \(error)"
        case .noSuchDocument(let id): "no document with the id \"\(id)\"; it may have been deleted"
        case .sort(let error): error.description
        case .noText(let field):
            "field \"\(field)\" has no text to highlight; name a stored and indexed field of the "
                + "kind text, keyword or facet"
        case .unsupported(let node): "a query with \(node) cannot be searched"
        }
    }
}
