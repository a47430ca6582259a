/// Documents that hold one term in one field.
public struct TermQuery: Sendable, Hashable {
    /// The name of the field.
    public let field: String
    /// The term's bytes, as the field's analyzer makes them.
    public let term: [UInt8]
    /// What the score is multiplied by; finite, not negative.
    public let boost: Float

    /// A query for `term`, which is not analysed again.
    public init(field: String, term: [UInt8], boost: Float = 1) {
        self.field = field
        self.term = term
        self.boost = boost
    }
}
