/// What any of several queries matches, scored by the best of them.
///
/// The score is the highest of those of the matching queries plus `tieBreaker` times the sum of
/// the other ones, that sum taken in `Float` in the order of `queries`. Of equal highest scores the
/// first counts as the best.
public struct DisjunctionMaxQuery: Sendable, Hashable {
    /// The queries, at least one.
    public let queries: [Query]
    /// How much the others count, from 0 to 1.
    public let tieBreaker: Float

    /// The best of `queries`.
    public init(queries: [Query], tieBreaker: Float = 0) {
        self.queries = queries
        self.tieBreaker = tieBreaker
    }
}
