/// Documents with any value in a field, every one with the same score.
public struct ExistsQuery: Sendable, Hashable {
    /// The name of the field.
    public let field: String
    /// The score of every match; finite, not negative.
    public let boost: Float

    /// A query for documents that have `field`.
    public init(field: String, boost: Float = 1) {
        self.field = field
        self.boost = boost
    }
}
