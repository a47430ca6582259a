/// One column that hits are sorted by.
public struct SortKey: Sendable, Hashable {
    /// Where documents without a value come.
    public enum Missing: Sendable, Hashable {
        /// Before or behind all others, whatever the direction.
        case first, last
    }

    /// The most keys of a search.
    public static let maximumKeys = 4

    /// The name of a field with a column.
    public let field: String
    /// Whether small values come first.
    public let isAscending: Bool
    /// Where documents without a value come.
    public let missing: Missing

    /// A key of a field.
    public init(field: String, isAscending: Bool = true, missing: Missing = .last) {
        self.field = field
        self.isAscending = isAscending
        self.missing = missing
    }
}

/// What a document is sorted by: one value per key, and its order key for ties.
///
/// Values, not ordinals, so tuples compare across segments and shards; `search_after` is one.
public struct SortTuple: Sendable, Hashable {
    /// The value of each key; nil where the document has none. Of several values it is the least
    /// when the key ascends, else the greatest.
    public let values: [FieldValue?]
    /// What breaks ties; lower comes first.
    public let orderKey: OrderKey

    /// A tuple with one value per key.
    public init(values: [FieldValue?], orderKey: OrderKey) {
        self.values = values
        self.orderKey = orderKey
    }

    /// Whether this comes before `other`; a total order as long as the values of a key are of one
    /// kind. Values of different kinds compare by kind.
    public func precedes(_ other: SortTuple, by keys: [SortKey]) -> Bool {
        for (index, key) in keys.enumerated() {
            let left = index < values.count ? values[index] : nil
            let right = index < other.values.count ? other.values[index] : nil
            switch (left, right) {
            case (nil, nil): continue
            case (nil, _): return key.missing == .first
            case (_, nil): return key.missing == .last
            case (let left?, let right?):
                let order = FieldValue.compare(left, right)
                if order != 0 { return (order < 0) == key.isAscending }
            }
        }
        return orderKey < other.orderKey
    }
}

extension FieldValue {
    /// A negative number when `left` comes before `right`, zero when they are equal.
    static func compare(_ left: FieldValue, _ right: FieldValue) -> Int {
        switch (left, right) {
        case (.text(let left), .text(let right)):
            return BytesOrder.compare(left.span, right.span)
        default:
            let (first, second) = (left.rank, right.rank)
            return first == second ? 0 : first < second ? -1 : 1
        }
    }

    /// The kind's place, then the value's in the order of the kind.
    private var rank: (kind: Int, bits: UInt64) {
        switch self {
        case .text: (0, 0)
        case .integer(let value): (1, ColumnBits.of(value))
        case .double(let value): (2, ColumnBits.of(value))
        case .bool(let value): (3, ColumnBits.of(value))
        case .date(let value): (4, ColumnBits.of(value))
        }
    }
}
