/// What another query matches, every document with the same score.
public struct ConstantScoreQuery: Sendable, Hashable {
    /// What has to match; its own score does not count.
    public let query: Query
    /// The score of every match; finite, not negative.
    public let boost: Float

    /// The matches of `query`, scored `boost`.
    public init(query: Query, boost: Float = 1) {
        self.query = query
        self.boost = boost
    }
}
