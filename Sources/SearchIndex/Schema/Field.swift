/// One field of a schema.
public struct Field: Sendable, Hashable {
    /// What values a field has and how they are found.
    public enum Kind: String, Sendable, CaseIterable {
        /// Strings, analysed into words with positions.
        case text
        /// Strings, each one term as a whole.
        case keyword
        /// Integers of 64 bits with sign.
        case integer
        /// Finite numbers of IEEE 754 binary64.
        case double
        /// True or false.
        case bool
        /// Instants in microseconds since 1970-01-01T00:00:00Z.
        case date
        /// Paths like `/a/b`, each a term together with all paths above it.
        case facet

        /// Whether indexed values become terms of a dictionary with postings.
        public var hasTerms: Bool { self == .text || self == .keyword || self == .facet }

        /// Whether values are numbers (true, false and dates too), which live in a column only.
        public var isNumeric: Bool { !hasTerms }
    }

    /// The greatest weight a field may have.
    public static let maximumWeight: Float = 1_000_000
    /// The longest value of a keyword or facet field that is used, in UTF-8 bytes; longer ones are
    /// only stored.
    public static let maximumKeywordBytes = 1024

    /// The keys, joined by dots, that lead to the field's values; never empty, never `id`.
    public let name: String
    /// What values it has.
    public let kind: Kind
    /// What makes the terms of a text field; unused for other kinds.
    public let analyzer: Analyzer
    /// What makes the terms of queries in a text field; unused for other kinds.
    public let searchAnalyzer: Analyzer
    /// What scores of this field are multiplied by when a word searches the default fields;
    /// finite and above zero.
    public let weight: Float
    /// Whether the field can be searched.
    public let isIndexed: Bool
    /// Whether the field is part of the stored document.
    public let isStored: Bool
    /// Whether the field's values can be read by document, to sort and filter by them.
    ///
    /// Always true for indexed fields of a numeric kind, as ranges run over the column.
    public let isColumn: Bool
    /// How the field's terms are scored.
    public let bm25: BM25Parameters

    /// A field; `Schema.init` checks it. Without a search analyzer it is the analyzer.
    public init(
        name: String, kind: Kind, analyzer: Analyzer = .standard,
        searchAnalyzer: Analyzer? = nil, weight: Float = 1, isIndexed: Bool = true,
        isStored: Bool = true, isColumn: Bool = false, bm25: BM25Parameters = BM25Parameters()
    ) {
        self.name = name
        self.kind = kind
        self.analyzer = analyzer
        self.searchAnalyzer = searchAnalyzer ?? analyzer
        self.weight = weight
        self.isIndexed = isIndexed
        self.isStored = isStored
        self.isColumn = isColumn || (isIndexed && kind.isNumeric)
        self.bm25 = bm25
    }

    /// Whether a segment has terms and postings of the field.
    public var hasTerms: Bool { isIndexed && kind.hasTerms }

    /// A text field with the standard analyzer.
    public static func text(_ name: String, weight: Float = 1) -> Field {
        Field(name: name, kind: .text, weight: weight)
    }

    /// A keyword field.
    public static func keyword(_ name: String) -> Field { Field(name: name, kind: .keyword) }
}
