/// Why hits cannot be sorted as asked.
public struct SortError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// No key, or more than `SortKey.maximumKeys`.
        case numberOfKeys(Int)
        /// The schema has no such field.
        case unknownField
        /// The field has no column.
        case noColumn
        /// Scores are no column: a list in the order of scores is the search without keys.
        case score
        /// The field is named by two keys.
        case repeated
        /// The tuple to go on behind has another number of values than there are keys.
        case numberOfValues(Int, keys: Int)
        /// The value of the tuple to go on behind is none of the field's kind.
        case wrongValue(Field.Kind)
        /// The text of the place to go on behind is not one that an answer gave.
        case cursor
    }

    /// The most names of `sortable` that the description has.
    private static let shownFields = 10

    /// The field; empty when it is about none.
    public let field: String
    /// What is wrong.
    public let reason: Reason
    /// The fields that hits can be sorted by, where that helps.
    public let sortable: [String]

    /// An error.
    public init(_ reason: Reason, field: String = "", sortable: [String] = []) {
        self.reason = reason
        self.field = field
        self.sortable = sortable
    }

    /// One sentence.
    public var description: String {
        switch reason {
        case .numberOfKeys(let count):
            "cannot sort by \(count) keys; give 1 to \(SortKey.maximumKeys)"
        case .unknownField:
            "cannot sort by \"\(field)\": the schema has no such field; \(advice)"
        case .noColumn:
            "cannot sort by \"\(field)\": it has no column; \(advice)"
        case .score:
            "cannot sort by \"\(field)\" among columns; leave the keys out to sort by score"
        case .repeated: "cannot sort by \"\(field)\" twice"
        case .numberOfValues(let count, let keys):
            "the place to go on (\"after\") has \(count) values, but there are \(keys) sort keys"
        case .wrongValue(let kind):
            "the place to go on (\"after\") has a value for \"\(field)\" that is no \(kind.rawValue)"
        case .cursor:
            "\"after\" is no place to go on: give the \"next\" of an answer to the same search"
        }
    }

    private var advice: String {
        if sortable.isEmpty {
            return "give a field of another kind than text \"column\": true in the schema"
        }
        let names = sortable.prefix(Self.shownFields).map { "\"\($0)\"" }
        return "sortable: \(names.joined(separator: ", "))"
            + (sortable.count > names.count ? ", …" : "")
    }
}

extension SortKey {
    /// The name that other systems give to the score as a key.
    static let scoreName = "_score"

    /// Checks that documents of a schema can be sorted by some keys, from a tuple on if it is given.
    package static func check(
        _ keys: [SortKey], after: SortTuple?, schema: Schema
    ) throws(SortError) {
        let sortable = schema.fields.filter(\.isColumn).map(\.name)
        guard 1...maximumKeys ~= keys.count else { throw SortError(.numberOfKeys(keys.count)) }
        if let after, after.values.count != keys.count {
            throw SortError(.numberOfValues(after.values.count, keys: keys.count))
        }
        for (index, key) in keys.enumerated() {
            guard let field = schema.field(named: key.field) else {
                if key.field == scoreName { throw SortError(.score, field: key.field) }
                throw SortError(.unknownField, field: key.field, sortable: sortable)
            }
            guard field.isColumn else {
                throw SortError(.noColumn, field: key.field, sortable: sortable)
            }
            if keys[..<index].contains(where: { $0.field.utf8.elementsEqual(key.field.utf8) }) {
                throw SortError(.repeated, field: key.field)
            }
            if let value = after?.values[index], !value.fits(field.kind) {
                throw SortError(.wrongValue(field.kind), field: key.field)
            }
        }
    }
}
