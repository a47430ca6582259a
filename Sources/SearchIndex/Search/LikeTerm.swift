/// A term that may become part of the query that a more-like-this query stands for.
public struct LikeTerm: Sendable, Hashable {
    /// The name of the field that holds it.
    public let field: String
    /// The place of the field among those of the source.
    public let fieldOrder: UInt32
    /// The term, UTF-8 bytes.
    public let term: [UInt8]
    /// How telling it is: tf * idf.
    public let weight: Float

    /// A term.
    public init(field: String, fieldOrder: UInt32, term: [UInt8], weight: Float) {
        self.field = field
        self.fieldOrder = fieldOrder
        self.term = term
        self.weight = weight
    }
}

extension LikeTerm: Comparable {
    /// Whether `left` is taken before `right`: the greater weight, then the order of the fields,
    /// then that of the terms' bytes.
    public static func < (left: LikeTerm, right: LikeTerm) -> Bool {
        if left.weight != right.weight { return left.weight > right.weight }
        if left.fieldOrder != right.fieldOrder { return left.fieldOrder < right.fieldOrder }
        return BytesOrder.compare(left.term.span, right.term.span) < 0
    }
}
