/// Why a running search should end before it is done.
public enum StopReason: Sendable, Hashable {
    /// Nobody wants the answer any more.
    case cancelled
    /// The time budget is used up.
    case deadline
}

/// Lets the caller end a running search.
///
/// The search asks about once per thousand documents it looks at, on its own thread; the closure
/// must be quick. It reads clocks and flags for the search, which knows neither.
public struct SearchControl: Sendable {
    /// Nil while the search should go on.
    public let shouldStop: @Sendable () -> StopReason?

    /// A control that asks `shouldStop`.
    public init(shouldStop: @escaping @Sendable () -> StopReason?) {
        self.shouldStop = shouldStop
    }

    /// Never stops a search.
    public static let none = SearchControl { nil }
}

/// Counts the work of one search and asks its control at intervals.
struct WorkMeter {
    /// Documents between two questions.
    static let documentsPerCheck = 1024

    private let control: SearchControl
    private var remaining = Self.documentsPerCheck
    private var checked = 0

    init(control: SearchControl) {
        self.control = control
    }

    /// Documents that were looked at, about.
    var spent: Int { checked + Self.documentsPerCheck - remaining }

    /// Records that about `documents` more documents were looked at.
    @inline(__always)
    mutating func spend(_ documents: Int) throws(SearchError) {
        remaining -= documents
        if remaining <= 0 { try check() }
    }

    /// Asks the control now.
    mutating func check() throws(SearchError) {
        checked += Self.documentsPerCheck - remaining
        remaining = Self.documentsPerCheck
        switch control.shouldStop() {
        case nil: return
        case .cancelled: throw .cancelled
        case .deadline: throw .deadline
        }
    }
}
