/// Reads the JSON form of a schema; every error names the field it is in.
struct SchemaReader {
    private(set) var scanner: JSONScanner
    private var text: [UInt8] = []
    private var fieldName: String?

    init(scanner: JSONScanner) {
        self.scanner = scanner
    }

    mutating func readSchema(_ bytes: Span<UInt8>) throws(SchemaError) -> Schema {
        var fields: [Field]?
        var defaults: [String]?
        var unknown: Schema.UnknownFields?
        try json { (scanner) throws(JSONError) in try scanner.enterObject(bytes) }
        while let member = try nextMember(bytes) {
            switch member {
            case "fields":
                try refuseRepeated(fields != nil, member)
                fields = try readFields(bytes)
            case "default_fields":
                try refuseRepeated(defaults != nil, member)
                defaults = try readNames(bytes)
            case "unknown_fields":
                try refuseRepeated(unknown != nil, member)
                unknown = try readChoice(member, bytes)
            default:
                let allowed = ["fields", "default_fields", "unknown_fields"]
                throw SchemaError(.unknownMember(member, allowed: allowed))
            }
        }
        guard let fields else { throw SchemaError(.missingMember("fields")) }
        return try Schema(
            fields: fields, defaultFields: defaults, unknownFields: unknown ?? .keep)
    }

    private mutating func readFields(_ bytes: Span<UInt8>) throws(SchemaError) -> [Field] {
        var fields: [Field] = []
        try json { (scanner) throws(JSONError) in try scanner.enterArray(bytes) }
        while try nextElement(bytes) {
            fields.append(try readField(bytes))
            fieldName = nil
            if fields.count > Schema.maximumFields {
                throw SchemaError(.tooManyFields(count: fields.count))
            }
        }
        return fields
    }

    private mutating func readField(_ bytes: Span<UInt8>) throws(SchemaError) -> Field {
        var kind: Field.Kind?
        var analyzer: AnalyzerKind?
        var weight: Float = 1
        var isIndexed = true
        var isStored = true
        var isColumn = false
        var k1: Float?
        var b: Float?
        var seen = Set<String>()
        try json { (scanner) throws(JSONError) in try scanner.enterObject(bytes) }
        while let member = try nextMember(bytes) {
            try refuseRepeated(!seen.insert(member).inserted, member)
            switch member {
            case "name": fieldName = try readText(bytes)
            case "kind": kind = try readChoice(member, bytes)
            case "analyzer": analyzer = try readChoice(member, bytes)
            case "weight": weight = try readNumber(bytes)
            case "indexed": isIndexed = try readBool(bytes)
            case "stored": isStored = try readBool(bytes)
            case "column": isColumn = try readBool(bytes)
            case "k1": k1 = try readNumber(bytes)
            case "b": b = try readNumber(bytes)
            default:
                throw failure(.unknownMember(member, allowed: Self.fieldMembers))
            }
        }
        guard let fieldName else { throw failure(.missingMember("name")) }
        guard let kind else { throw failure(.missingMember("kind")) }
        if kind != .text, analyzer != nil { throw failure(.analyzerOfKeyword) }
        if kind.isNumeric, k1 != nil || b != nil { throw failure(.parametersOfNumbers(kind)) }
        return Field(
            name: fieldName, kind: kind, analyzer: analyzer ?? .standard, weight: weight,
            isIndexed: isIndexed, isStored: isStored, isColumn: isColumn,
            bm25: BM25Parameters(k1: k1 ?? BM25.k1, b: b ?? BM25.b))
    }

    private static let fieldMembers = [
        "name", "kind", "analyzer", "weight", "indexed", "stored", "column", "k1", "b",
    ]

    private mutating func readNames(_ bytes: Span<UInt8>) throws(SchemaError) -> [String] {
        var names: [String] = []
        try json { (scanner) throws(JSONError) in try scanner.enterArray(bytes) }
        while try nextElement(bytes) {
            names.append(try readText(bytes))
            if names.count > Schema.maximumFields {
                throw SchemaError(.tooManyFields(count: names.count))
            }
        }
        return names
    }

    private mutating func readChoice<Choice: RawRepresentable<String> & CaseIterable>(
        _ member: String, _ bytes: Span<UInt8>
    ) throws(SchemaError) -> Choice {
        let value = try readText(bytes)
        if let choice = Choice(rawValue: value) { return choice }
        let allowed = Choice.allCases.map(\.rawValue)
        throw failure(.badValue(member: member, value: value, allowed: allowed))
    }

    private mutating func readNumber(_ bytes: Span<UInt8>) throws(SchemaError) -> Float {
        Float(try json { (scanner) throws(JSONError) in try scanner.readDouble(bytes) })
    }

    private mutating func readBool(_ bytes: Span<UInt8>) throws(SchemaError) -> Bool {
        try json { (scanner) throws(JSONError) in try scanner.readBool(bytes) }
    }

    private mutating func readText(_ bytes: Span<UInt8>) throws(SchemaError) -> String {
        var content = text
        try json { (scanner) throws(JSONError) in try scanner.readString(bytes, into: &content) }
        text = content
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func nextMember(_ bytes: Span<UInt8>) throws(SchemaError) -> String? {
        let kind = try json { (scanner) throws(JSONError) in try scanner.nextMember(bytes) }
        return kind == nil ? nil : String(decoding: scanner.key, as: UTF8.self)
    }

    private mutating func nextElement(_ bytes: Span<UInt8>) throws(SchemaError) -> Bool {
        try json { (scanner) throws(JSONError) in try scanner.nextElement(bytes) } != nil
    }

    /// Runs one step of the scanner and puts the field's name to its error.
    private mutating func json<Result>(
        _ step: (inout JSONScanner) throws(JSONError) -> Result
    ) throws(SchemaError) -> Result {
        do { return try step(&scanner) } catch { throw failure(.json(error)) }
    }

    private func refuseRepeated(_ isRepeated: Bool, _ member: String) throws(SchemaError) {
        if isRepeated { throw failure(.repeatedMember(member)) }
    }

    private func failure(_ reason: SchemaError.Reason) -> SchemaError {
        SchemaError(reason, field: fieldName)
    }
}
