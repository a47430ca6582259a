/// One end of a range.
public struct RangeBound: Sendable, Hashable {
    /// The value at the end; its case fits the kind of the field.
    public let value: FieldValue
    /// Whether the value itself belongs to the range.
    public let isInclusive: Bool

    /// An end at `value`.
    public init(value: FieldValue, isInclusive: Bool) {
        self.value = value
        self.isInclusive = isInclusive
    }
}

/// Documents with a value of a field between two bounds, every one with the same score.
///
/// Of several values of a document one inside is enough. Texts compare as bytes, false is below
/// true. A range whose lower bound is above its upper bound matches nothing.
public struct RangeQuery: Sendable, Hashable {
    /// The name of the field; any kind but text.
    public let field: String
    /// The lower end; nil when it is open.
    public let lower: RangeBound?
    /// The upper end; nil when it is open.
    public let upper: RangeBound?
    /// The score of every match; finite, not negative.
    public let boost: Float

    /// A query for the values between `lower` and `upper`.
    public init(field: String, lower: RangeBound?, upper: RangeBound?, boost: Float = 1) {
        self.field = field
        self.lower = lower
        self.upper = upper
        self.boost = boost
    }
}
