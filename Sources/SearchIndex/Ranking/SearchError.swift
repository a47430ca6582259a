/// Why a search ended without an answer.
public enum SearchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The caller's control stopped it: nobody wants the answer any more.
    case cancelled
    /// The caller's control stopped it: the time budget is used up.
    case deadline
    /// The index cannot be read.
    case index(IndexError)

    /// One sentence.
    public var description: String {
        switch self {
        case .cancelled: "the search was cancelled"
        case .deadline: "the search did not end within its time budget"
        case .index(let error): error.description
        }
    }
}
