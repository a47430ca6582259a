/// What the first sort value of a segment's document must be for its tuple not to come behind a
/// given one: a test on packed values, made once for many documents.
struct ColumnFence {
    /// The packed values that do not come behind; nil when all do.
    private let accepted: ClosedRange<UInt64>?
    /// Whether documents without a value do not come behind.
    private let acceptsMissing: Bool

    /// The fence of a value, or of none, in a column; a segment without the column has no values.
    ///
    /// Nil when the value is none of the column's kind, so that nothing can be said.
    init?(
        _ value: FieldValue?, key: SortKey, column: ColumnReader?
    ) throws(IndexError) {
        guard let value else {
            acceptsMissing = true
            accepted = key.missing == .last ? 0...UInt64.max : nil
            return
        }
        acceptsMissing = key.missing == .first
        guard let column else {
            accepted = nil
            return
        }
        guard let dictionary = column.dictionary else {
            guard let bits = value.bits(of: column.kind) else { return nil }
            accepted = key.isAscending ? 0...bits : bits...UInt64.max
            return
        }
        guard case .text(let text) = value else { return nil }
        let (ordinal, isFound) = try dictionary.lowerBound(text)
        if !key.isAscending {
            accepted = ordinal...UInt64.max
        } else if isFound {
            accepted = 0...ordinal
        } else {
            accepted = ordinal > 0 ? 0...(ordinal - 1) : nil
        }
    }

    /// Whether a document with a packed value, or without one, may come before the tuple.
    func admits(_ bits: UInt64?) -> Bool {
        guard let bits else { return acceptsMissing }
        return accepted?.contains(bits) ?? false
    }
}
