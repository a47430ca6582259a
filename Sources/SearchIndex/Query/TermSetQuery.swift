/// Documents with any of several values of one field, every one with the same score.
public struct TermSetQuery: Sendable, Hashable {
    /// The name of the field.
    public let field: String
    /// The values, at least one; their case fits the kind of the field. In a text field each is a
    /// term as the field's analyzer makes it.
    public let values: [FieldValue]
    /// The score of every match; finite, not negative.
    public let boost: Float

    /// A query for any of `values`.
    public init(field: String, values: [FieldValue], boost: Float = 1) {
        self.field = field
        self.values = values
        self.boost = boost
    }
}
