/// Documents that hold any term of a pattern, every one with the same score.
///
/// The terms that fit are looked up in the dictionary of each shard.
public struct ExpansionQuery: Sendable, Hashable {
    /// Which terms are meant; docs/query-language.md gives the syntax of patterns.
    public enum Pattern: Sendable, Hashable {
        /// Terms that start with these bytes.
        case prefix([UInt8])
        /// Terms that fit as a whole: `*` is any number of scalars, `?` one, `\` escapes.
        case wildcard([UInt8])
        /// Terms that fit a regular expression as a whole.
        case regex([UInt8])
        /// Terms at most `distance` (1 or 2) insertions, deletions and replacements of a scalar
        /// away from `term`, the first `prefixLength` scalars unchanged. With `transpositions`,
        /// exchanging two neighbours counts as one change.
        case fuzzy(term: [UInt8], distance: Int, prefixLength: Int, transpositions: Bool)
    }

    /// The name of the field, of kind text, keyword or facet.
    public let field: String
    /// Which terms are meant.
    public let pattern: Pattern
    /// The score of every match; finite, not negative.
    public let boost: Float

    /// A query for the terms of `pattern`, which is not analysed again.
    public init(field: String, pattern: Pattern, boost: Float = 1) {
        self.field = field
        self.pattern = pattern
        self.boost = boost
    }
}
