/// What the fields of an index are and how they are searched.
///
/// As JSON (the form of `--schema FILE` and of `index.json`):
///
///     {
///       "fields": [
///         {"name": "title", "kind": "text", "analyzer": "standard", "weight": 2},
///         {"name": "body", "kind": "text"},
///         {"name": "section", "kind": "keyword"}
///       ],
///       "analyzers": {"folded": {"tokenizer": "standard", "filters": ["ascii_folding"]}},
///       "default_fields": ["title", "body"],
///       "unknown_fields": "keep"
///     }
///
/// Of a field only `name` and `kind` are required; `analyzer` (text only, default `standard`),
/// `search_analyzer` (that of queries; default the same),
/// `weight` (default 1), `indexed` and `stored` (default true), `column` (default false), `k1` and
/// `b` may be left out; `docs/schema.md` describes them. `default_fields`
/// names the text or keyword fields that a word without a field searches; left out, they are all
/// indexed text fields. `unknown_fields` is `keep` (stored, not indexed; the default) or `reject`.
/// `store_source` false keeps no documents at all (default true).
public struct Schema: Sendable, Hashable {
    /// What happens to members of a document that the schema does not name.
    public enum UnknownFields: String, Sendable, CaseIterable {
        /// They stay in the stored document and are not indexed.
        case keep
        /// The document is refused.
        case reject
    }

    /// The most fields a schema may have.
    public static let maximumFields = 256
    /// The longest name of a field, in UTF-8 bytes.
    public static let maximumNameBytes = 255
    /// The most analyzers a schema may define.
    public static let maximumAnalyzers = 64
    /// The most bytes that the stop words and synonyms of all analyzers may have.
    public static let maximumListBytes = 2 << 20
    /// The version of the Unicode tables that the analyzers of this build use, like 15.0.0.
    public static let unicodeVersion = UnicodeTables.version

    /// The fields, in the schema's order, which is also the order of a segment's fields.
    public let fields: [Field]
    /// The analyzers that the schema defines, beside the built-in ones.
    public let analyzers: [Analyzer]
    /// Names of the fields that a word without a field searches; a subset of `fields`, in order.
    public let defaultFields: [String]
    /// These fields themselves: every query with a word asks for them.
    let searchedFields: [Field]
    /// What happens to members of a document that are not in `fields`.
    public let unknownFields: UnknownFields
    /// Whether documents are stored; if not, an index gives back their ids only.
    public let storesSource: Bool

    /// A schema of `fields`.
    ///
    /// - Parameters:
    ///   - analyzers: All that the fields use and that are not built in; nil means just those.
    ///   - defaultFields: Nil means all indexed text fields.
    /// - Throws: `SchemaError` naming the field or analyzer and what is wrong with it.
    public init(
        fields: [Field], analyzers: [Analyzer]? = nil, defaultFields: [String]? = nil,
        unknownFields: UnknownFields = .keep, storesSource: Bool = true
    ) throws(SchemaError) {
        try Self.check(fields)
        let analyzers = analyzers ?? Self.analyzers(of: fields)
        try Self.check(analyzers, of: fields)
        self.analyzers = analyzers
        if let defaultFields { try Self.check(defaultFields, of: fields) }
        self.fields = fields
        let searched =
            defaultFields?.compactMap { name in
                fields.first { $0.name.utf8.elementsEqual(name.utf8) }
            } ?? fields.filter { $0.kind == .text && $0.isIndexed }
        searchedFields = searched
        self.defaultFields = searched.map(\.name)
        self.unknownFields = unknownFields
        self.storesSource = storesSource
    }

    /// The field called `name`; compares bytes, so canonically equal names stay apart.
    public func field(named name: some StringProtocol) -> Field? {
        fields.first { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// The place in `fields` of the field whose name has these UTF-8 bytes.
    ///
    /// Linear in the number of fields; allocates nothing.
    public func fieldIndex(forName name: [UInt8]) -> Int? {
        fields.firstIndex { $0.name.utf8.elementsEqual(name) }
    }

    private static func check(_ fields: [Field]) throws(SchemaError) {
        if fields.isEmpty { throw SchemaError(.noFields) }
        if fields.count > maximumFields {
            throw SchemaError(.tooManyFields(count: fields.count))
        }
        var seen = Set<[UInt8]>()
        for field in fields {
            if field.name.isEmpty || field.name.utf8.count > maximumNameBytes {
                throw SchemaError(.badName, field: field.name)
            }
            if field.name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) || field.name == "id" {
                throw SchemaError(.badName, field: field.name)
            }
            guard field.weight.isFinite, field.weight > 0, field.weight <= Field.maximumWeight
            else {
                throw SchemaError(.badWeight(field.weight), field: field.name)
            }
            guard field.bm25.isInRange else {
                throw SchemaError(.badParameters(field.bm25), field: field.name)
            }
            if field.kind == .text, field.isColumn {
                throw SchemaError(.columnOfText, field: field.name)
            }
            guard seen.insert(Array(field.name.utf8)).inserted else {
                throw SchemaError(.repeatedField, field: field.name)
            }
        }
    }

    private static func check(
        _ defaults: [String], of fields: [Field]
    ) throws(SchemaError) {
        var seen = Set<[UInt8]>()
        for name in defaults {
            guard let field = fields.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
                throw SchemaError(.unknownDefaultField, field: name)
            }
            if !field.isIndexed { throw SchemaError(.defaultFieldNotIndexed, field: name) }
            guard field.kind == .text || field.kind == .keyword else {
                throw SchemaError(.defaultFieldOfKind(field.kind), field: name)
            }
            guard seen.insert(Array(name.utf8)).inserted else {
                throw SchemaError(.repeatedField, field: name)
            }
        }
    }
}
