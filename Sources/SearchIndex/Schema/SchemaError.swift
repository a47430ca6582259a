/// Why a schema was refused.
public struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// The bytes are not the JSON that a schema needs.
        case json(JSONError)
        /// A member has no meaning at this place.
        case unknownMember(String, allowed: [String])
        /// A member that must be there is missing.
        case missingMember(String)
        /// A member's value is none of those allowed.
        case badValue(member: String, value: String, allowed: [String])
        /// A member stands twice in one object.
        case repeatedMember(String)
        /// An analyzer was given for a field that is not text.
        case analyzerOfKeyword
        /// BM25 parameters were given for a field whose kind has no terms.
        case parametersOfNumbers(Field.Kind)
        /// A BM25 parameter is out of its range.
        case badParameters(BM25Parameters)
        /// A text field cannot have a column.
        case columnOfText
        /// The schema names no field.
        case noFields
        /// The schema has more than `Schema.maximumFields` fields.
        case tooManyFields(count: Int)
        /// A field's name is empty, too long, `id`, or holds control characters.
        case badName
        /// A weight is not a number above zero and at most `Field.maximumWeight`.
        case badWeight(Float)
        /// Two fields, or two default fields, have one name.
        case repeatedField
        /// A default field is not among the fields.
        case unknownDefaultField
        /// A default field is not indexed.
        case defaultFieldNotIndexed
        /// An analyzer's name is empty, too long, built in, or holds control characters.
        case badAnalyzerName
        /// Two analyzers have one name.
        case repeatedAnalyzer
        /// A field's analyzer is neither built in nor one of the schema's.
        case unknownAnalyzer(AnalyzerName)
        /// The schema has more than `Schema.maximumAnalyzers`.
        case tooManyAnalyzers(count: Int)
        /// Stop words and synonyms take more than `Schema.maximumListBytes` together.
        case listsTooLong(byteCount: Int)
        /// A chain has more than `Analyzer.maximumFilters`.
        case tooManyFilters(count: Int)
        /// A member that needs parameters has none, or the other way round.
        case badParametersOf(String, expected: String)
        /// Bounds are not a range within those allowed.
        case badLengths(String, minimum: Int, maximum: Int, limit: Int)
        /// An `ngram` tokenizer with more than `GramShape.maximumSpread` lengths.
        case badGrams
        /// A list of stop words is too long, or a word of it.
        case badStopWords
        /// A chain has synonyms twice.
        case repeatedSynonyms
        /// Synonyms behind a tokenizer that gives several tokens for one position.
        case synonymsOfGrams
        /// A rule of the synonyms is malformed.
        case badSynonyms(SynonymError)
        /// A file of synonyms cannot be read, or there may be none here.
        case badSynonymsFile(String, problem: String)
        /// A default field is neither text nor keyword.
        case defaultFieldOfKind(Field.Kind)
    }

    /// What is wrong.
    public let reason: Reason
    /// The name of the field it concerns, when it concerns one that has a name yet.
    public let field: String?
    /// The name of the analyzer it concerns, when it concerns one.
    public let analyzer: AnalyzerName?

    /// An error about `field` or `analyzer`, or about the schema as a whole.
    public init(_ reason: Reason, field: String? = nil, analyzer: AnalyzerName? = nil) {
        self.reason = reason
        self.field = field
        self.analyzer = analyzer
    }

    /// One sentence with the field, the value and what is allowed.
    public var description: String {
        if let field { return "schema field \"\(field)\": \(explanation)" }
        if let analyzer { return "schema analyzer \"\(analyzer)\": \(explanation)" }
        return "schema: \(explanation)"
    }

    private var explanation: String {
        switch reason {
        case .json(let error): error.description
        case .unknownMember(let name, let allowed):
            "unknown member \"\(name)\"; allowed are \(Self.list(allowed))"
        case .missingMember(let name): "member \"\(name)\" is missing"
        case .badValue(let member, let value, let allowed):
            "\"\(member)\" is \"\(value)\"; allowed are \(Self.list(allowed))"
        case .repeatedMember(let name): "member \"\(name)\" stands twice"
        case .analyzerOfKeyword: "only text fields have an analyzer"
        case .parametersOfNumbers(let kind):
            "\"k1\" and \"b\" are for text, keyword and facet fields, not \(kind.rawValue)"
        case .badParameters(let parameters):
            "\"k1\" is \(parameters.k1) and \"b\" is \(parameters.b); allowed are "
                + "0 to \(Int(BM25Parameters.maximumK1)) and 0 to 1"
        case .columnOfText: "a text field cannot have a column; use a keyword field for it"
        case .noFields: "\"fields\" must name at least one field"
        case .tooManyFields(let count):
            "\(count) fields; at most \(Schema.maximumFields) are allowed"
        case .badName:
            "a name has 1 to \(Schema.maximumNameBytes) bytes, no control characters, "
                + "and is not \"id\""
        case .badWeight(let weight):
            "weight \(weight); allowed is above 0 up to \(Int(Field.maximumWeight))"
        case .repeatedField: "named twice"
        case .unknownDefaultField: "named in \"default_fields\" but not in \"fields\""
        case .defaultFieldNotIndexed: "named in \"default_fields\" but not indexed"
        case .defaultFieldOfKind(let kind):
            "named in \"default_fields\" but of kind \(kind.rawValue), not text or keyword"
        default: analyzerExplanation ?? ""
        }
    }

    static func list(_ names: [String]) -> String {
        names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}
