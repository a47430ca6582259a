/// Gives the sort tuples of a segment's documents.
struct ColumnSorter {
    private let segment: SegmentReader
    private let keys: [(key: SortKey, column: ColumnReader?)]

    /// A sorter by at most `SortKey.maximumKeys` keys; a segment that lacks a column has no value
    /// of it, and whether the schema has the field is for the caller to check.
    init(_ keys: [SortKey], in segment: SegmentReader) {
        precondition(keys.count <= SortKey.maximumKeys, "\(keys.count) sort keys")
        self.segment = segment
        self.keys = keys.map { ($0, segment.column(named: $0.field)) }
    }

    /// The fence of a tuple; nil without a tuple, or when nothing can be said.
    func fence(of tuple: SortTuple?) throws(IndexError) -> ColumnFence? {
        guard let (key, column) = keys.first, let tuple, let value = tuple.values.first else {
            return nil
        }
        return try ColumnFence(value, key: key, column: column)
    }

    /// Whether a document passes a fence; constant time, no allocation.
    func admits(
        _ document: DocumentNumber, _ fence: ColumnFence
    ) throws(IndexError) -> Bool {
        guard let (key, column) = keys.first else { return true }
        return fence.admits(
            try column?.value(of: document.rawValue, greatest: !key.isAscending))
    }

    /// The tuple of a document; constant time for each key.
    func tuple(of document: DocumentNumber) throws(IndexError) -> SortTuple {
        var values: [FieldValue?] = []
        for (key, column) in keys {
            let bits = try column?.value(of: document.rawValue, greatest: !key.isAscending)
            guard let column, let bits else {
                values.append(nil)
                continue
            }
            values.append(try column.fieldValue(bits))
        }
        return SortTuple(values: values, orderKey: try segment.orderKey(of: document))
    }
}

extension ColumnReader {
    /// The value that the unsigned form stands for.
    func fieldValue(_ bits: UInt64) throws(IndexError) -> FieldValue {
        switch kind {
        case .integer: return .integer(ColumnBits.integer(bits))
        case .date: return .date(ColumnBits.integer(bits))
        case .double: return .double(ColumnBits.double(bits))
        case .bool: return .bool(bits != 0)
        case .text, .keyword, .facet:
            guard let dictionary else { return .text([]) }
            return .text(try dictionary.value(bits))
        }
    }
}
