/// A value of a field, as ranges and sets of values name it.
public enum FieldValue: Sendable, Hashable {
    /// A value of a keyword or facet field, or a term of a text field; UTF-8.
    case text([UInt8])
    /// A value of an integer field.
    case integer(Int64)
    /// A value of a double field; never NaN.
    case double(Double)
    /// A value of a bool field.
    case bool(Bool)
    /// A value of a date field: microseconds since 1970-01-01T00:00:00Z.
    case date(Int64)
}
