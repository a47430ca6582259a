/// Reads the JSON form of a schema; every error names the field or analyzer it is in.
struct SchemaReader {
    private(set) var scanner: JSONScanner
    /// Where the files of synonyms are; nil when there may be none.
    let folder: String?
    private var text: [UInt8] = []
    private var fieldName: String?
    /// The analyzer whose definition is read.
    var analyzerName: AnalyzerName?

    init(scanner: JSONScanner, folder: String?) {
        self.scanner = scanner
        self.folder = folder
    }

    mutating func readSchema(_ bytes: Span<UInt8>) throws(SchemaError) -> Schema {
        var drafts: [FieldDraft]?
        var analyzers: [Analyzer]?
        var defaults: [String]?
        var unknown: Schema.UnknownFields?
        var storesSource: Bool?
        try json { (scanner) throws(JSONError) in try scanner.enterObject(bytes) }
        while let member = try nextMember(bytes) {
            switch member {
            case "fields":
                try refuseRepeated(drafts != nil, member)
                drafts = try readFields(bytes)
            case "analyzers":
                try refuseRepeated(analyzers != nil, member)
                analyzers = try readAnalyzers(bytes)
            case "default_fields":
                try refuseRepeated(defaults != nil, member)
                defaults = try readNames(bytes)
            case "unknown_fields":
                try refuseRepeated(unknown != nil, member)
                unknown = try readChoice(member, bytes)
            case "store_source":
                try refuseRepeated(storesSource != nil, member)
                storesSource = try readBool(bytes)
            default:
                let allowed = [
                    "fields", "analyzers", "default_fields", "unknown_fields", "store_source",
                ]
                throw SchemaError(.unknownMember(member, allowed: allowed))
            }
        }
        guard let drafts else { throw SchemaError(.missingMember("fields")) }
        let known = Analyzer.builtIn + (analyzers ?? [])
        var fields: [Field] = []
        for draft in drafts { fields.append(try draft.field(known)) }
        return try Schema(
            fields: fields, analyzers: analyzers ?? [], defaultFields: defaults,
            unknownFields: unknown ?? .keep, storesSource: storesSource ?? true)
    }

    private mutating func readFields(_ bytes: Span<UInt8>) throws(SchemaError) -> [FieldDraft] {
        var fields: [FieldDraft] = []
        try json { (scanner) throws(JSONError) in try scanner.enterArray(bytes) }
        while try nextElement(bytes) != nil {
            fields.append(try readField(bytes))
            fieldName = nil
            if fields.count > Schema.maximumFields {
                throw SchemaError(.tooManyFields(count: fields.count))
            }
        }
        return fields
    }

    private mutating func readField(_ bytes: Span<UInt8>) throws(SchemaError) -> FieldDraft {
        var draft = FieldDraft()
        var kind: Field.Kind?
        var seen = Set<String>()
        try json { (scanner) throws(JSONError) in try scanner.enterObject(bytes) }
        while let member = try nextMember(bytes) {
            try refuseRepeated(!seen.insert(member).inserted, member)
            switch member {
            case "name": fieldName = try readText(bytes)
            case "kind": kind = try readChoice(member, bytes)
            case "analyzer": draft.analyzer = AnalyzerName(rawValue: try readText(bytes))
            case "search_analyzer":
                draft.searchAnalyzer = AnalyzerName(rawValue: try readText(bytes))
            case "weight": draft.weight = try readNumber(bytes)
            case "indexed": draft.isIndexed = try readBool(bytes)
            case "stored": draft.isStored = try readBool(bytes)
            case "column": draft.isColumn = try readBool(bytes)
            case "k1": draft.k1 = try readNumber(bytes)
            case "b": draft.b = try readNumber(bytes)
            default:
                throw failure(.unknownMember(member, allowed: Self.fieldMembers))
            }
        }
        guard let fieldName else { throw failure(.missingMember("name")) }
        guard let kind else { throw failure(.missingMember("kind")) }
        if kind != .text, draft.analyzer != nil || draft.searchAnalyzer != nil {
            throw failure(.analyzerOfKeyword)
        }
        if kind.isNumeric, draft.k1 != nil || draft.b != nil {
            throw failure(.parametersOfNumbers(kind))
        }
        draft.name = fieldName
        draft.kind = kind
        return draft
    }

    private static let fieldMembers = [
        "name", "kind", "analyzer", "search_analyzer", "weight", "indexed", "stored", "column",
        "k1", "b",
    ]

    private mutating func readNames(_ bytes: Span<UInt8>) throws(SchemaError) -> [String] {
        var names: [String] = []
        try json { (scanner) throws(JSONError) in try scanner.enterArray(bytes) }
        while try nextElement(bytes) != nil {
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

    mutating func readNumber(_ bytes: Span<UInt8>) throws(SchemaError) -> Float {
        Float(try json { (scanner) throws(JSONError) in try scanner.readDouble(bytes) })
    }

    mutating func readBool(_ bytes: Span<UInt8>) throws(SchemaError) -> Bool {
        try json { (scanner) throws(JSONError) in try scanner.readBool(bytes) }
    }

    mutating func readText(_ bytes: Span<UInt8>) throws(SchemaError) -> String {
        var content = text
        try json { (scanner) throws(JSONError) in try scanner.readString(bytes, into: &content) }
        text = content
        return String(decoding: content, as: UTF8.self)
    }

    mutating func nextMember(_ bytes: Span<UInt8>) throws(SchemaError) -> String? {
        let kind = try json { (scanner) throws(JSONError) in try scanner.nextMember(bytes) }
        return kind == nil ? nil : String(decoding: scanner.key, as: UTF8.self)
    }

    mutating func nextElement(_ bytes: Span<UInt8>) throws(SchemaError) -> JSONKind? {
        try json { (scanner) throws(JSONError) in try scanner.nextElement(bytes) }
    }

    /// Runs one step of the scanner and puts the field's or analyzer's name to its error.
    mutating func json<Result>(
        _ step: (inout JSONScanner) throws(JSONError) -> Result
    ) throws(SchemaError) -> Result {
        do { return try step(&scanner) } catch { throw failure(.json(error)) }
    }

    func refuseRepeated(_ isRepeated: Bool, _ member: String) throws(SchemaError) {
        if isRepeated { throw failure(.repeatedMember(member)) }
    }

    func failure(_ reason: SchemaError.Reason) -> SchemaError {
        SchemaError(reason, field: fieldName, analyzer: analyzerName)
    }
}
