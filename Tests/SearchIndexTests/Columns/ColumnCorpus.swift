import TestSupport
import Testing

@testable import SearchIndex

/// Random documents with typed fields, and the slow answers to queries over them.
struct ColumnCorpus {
    /// By document and field: the values in ascending order; keywords without repetition.
    private var documents: [[String: [FieldValue]]] = []
    /// The documents' lines.
    private(set) var lines: [String] = []

    init(documents count: Int, round: Int, _ random: inout SeededRandom) {
        for number in 0..<count {
            var document: [String: [FieldValue]] = [:]
            var members = ["\"id\":\"\(number)\""]
            for field in ["n", "d", "t", "b", "k", "u", "c", "p"] {
                // Full and single-valued in some rounds, sparse and multi-valued in others.
                let least = round % 3 == 0 ? 1 : 0
                let most = round % 2 == 0 ? 1 : 3
                let number = Int.random(in: least...most, using: &random)
                let values = (0..<number).map { _ in Self.value(field, &random) }
                if values.isEmpty, Bool.random(using: &random) { continue }
                members.append("\"\(field)\":[\(values.map(\.1).joined(separator: ","))]")
                document[field] = values.map(\.0)
            }
            documents.append(document)
            lines.append("{\(members.joined(separator: ","))}")
        }
    }

    static func schema() throws -> Schema {
        try Schema(fields: [
            Field(name: "n", kind: .integer), Field(name: "d", kind: .double),
            Field(name: "t", kind: .date), Field(name: "b", kind: .bool),
            Field(name: "k", kind: .keyword, isColumn: true), Field(name: "u", kind: .keyword),
            Field(name: "c", kind: .keyword, isIndexed: false, isColumn: true),
            Field(name: "p", kind: .facet, isColumn: true),
        ])
    }

    func segment(
        in folder: ScratchFolder, named name: String = "index"
    ) throws -> SegmentReader {
        let directory = try folder.build(lines, named: name, schema: Self.schema())
        return try SegmentReader(path: "\(directory)/shards/0000/segment-1.seg")
    }

    func values(_ field: String, _ document: Int) -> [FieldValue] {
        let sorted = (documents[document][field] ?? []).sorted { FieldValue.compare($0, $1) < 0 }
        guard ["k", "u", "c", "p"].contains(field) else { return sorted }
        var kept: [FieldValue] = []
        for value in sorted where kept.last != value { kept.append(value) }
        return kept
    }

    /// Compares ranges, sets and existence with a look at every document.
    func checkQueries(
        _ field: String, _ segment: SegmentReader, _ random: inout SeededRandom
    ) throws {
        var meter = WorkMeter(control: .none)
        for _ in 0..<20 {
            let bounds = (0..<2).map { _ in
                Int.random(in: 0..<5, using: &random) == 0
                    ? nil
                    : RangeBound(
                        value: Self.value(field, &random).0,
                        isInclusive: Bool.random(using: &random))
            }
            let range = RangeQuery(field: field, lower: bounds[0], upper: bounds[1])
            let found = try range.documents(in: segment, meter: &meter)
            check(found, field) { Self.isInside($0, bounds[0], bounds[1]) }
            let set = (0..<3).map { _ in Self.value(field, &random).0 }
            let members = try TermSetQuery(field: field, values: set)
                .documents(in: segment, meter: &meter)
            check(members, field) { set.contains($0) }
        }
        let present = try ExistsQuery(field: field).documents(in: segment, meter: &meter)
        check(present, field) { _ in true }
    }

    /// Whether one sorted before the other may be, compared key by key.
    static func isInOrder(_ left: SortTuple, _ right: SortTuple, _ keys: [SortKey]) -> Bool {
        for (index, key) in keys.enumerated() where left.values[index] != right.values[index] {
            guard let first = left.values[index] else { return key.missing == .first }
            guard let second = right.values[index] else { return key.missing == .last }
            return (FieldValue.compare(first, second) < 0) == key.isAscending
        }
        return left.orderKey < right.orderKey
    }

    private func check(
        _ set: DocumentSet, _ field: String, _ matches: (FieldValue) -> Bool
    ) {
        let expected = documents.indices.filter { values(field, $0).contains(where: matches) }
        var found: [Int] = []
        set.forEach { found.append(Int($0)) }
        #expect(found == expected, "field \(field)")
    }

    private static func isInside(
        _ value: FieldValue, _ lower: RangeBound?, _ upper: RangeBound?
    ) -> Bool {
        if let lower {
            let order = FieldValue.compare(value, lower.value)
            if order < 0 || (order == 0 && !lower.isInclusive) { return false }
        }
        guard let upper else { return true }
        let order = FieldValue.compare(value, upper.value)
        return order < 0 || (order == 0 && upper.isInclusive)
    }

    /// A value and its JSON.
    private static func value(
        _ field: String, _ random: inout SeededRandom
    ) -> (FieldValue, String) {
        let small = Int64.random(in: -20...20, using: &random)
        switch field {
        case "n":
            let value = Int.random(in: 0..<50, using: &random) == 0 ? Int64.min : small * 7
            return (.integer(value), small % 2 == 0 ? "\(value)" : "\"\(value)\"")
        case "d": return (.double(Double(small) / 4), "\(Double(small) / 4)")
        case "t":
            let value = small * 86_400_000_000
            let text = "\"\(DateText.text(microseconds: value))\""
            return (.date(value), small % 2 == 0 ? "\(value)" : text)
        case "b": return (.bool(small > 0), small > 0 ? "true" : "false")
        case "p":
            let path = "/a\(small / 7)/b\(small % 7)"
            return (.text(Array(path.utf8)), "\"\(path)\"")
        default: return (.text(Array("w\(small)".utf8)), "\"w\(small)\"")
        }
    }
}
