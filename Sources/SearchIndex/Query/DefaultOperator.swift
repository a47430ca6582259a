/// How clauses that stand side by side are combined.
public enum DefaultOperator: String, Sendable, CaseIterable {
    /// One of them is enough.
    case or
    /// All of them must match.
    case and
}
