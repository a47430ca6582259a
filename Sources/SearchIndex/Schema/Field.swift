/// One field of a schema.
public struct Field: Sendable, Hashable {
    /// How a field's values become terms.
    public enum Kind: String, Sendable, CaseIterable {
        /// Analysed into words with positions.
        case text
        /// The whole value is one term.
        case keyword
    }

    /// The greatest weight a field may have.
    public static let maximumWeight: Float = 1_000_000
    /// The longest value of a keyword field that is indexed, in UTF-8 bytes; longer ones are only
    /// stored.
    public static let maximumKeywordBytes = 1024

    /// The member of the document that holds the values; never empty, never `id`.
    public let name: String
    /// How the values become terms.
    public let kind: Kind
    /// The analyzer of a text field; unused for keywords.
    public let analyzer: AnalyzerKind
    /// What scores of this field are multiplied by when a word searches the default fields;
    /// finite and above zero.
    public let weight: Float
    /// Whether the field can be searched.
    public let isIndexed: Bool
    /// Whether the field is part of the stored document.
    public let isStored: Bool

    /// A field; `Schema.init` checks name and weight.
    public init(
        name: String, kind: Kind, analyzer: AnalyzerKind = .standard, weight: Float = 1,
        isIndexed: Bool = true, isStored: Bool = true
    ) {
        self.name = name
        self.kind = kind
        self.analyzer = analyzer
        self.weight = weight
        self.isIndexed = isIndexed
        self.isStored = isStored
    }

    /// A text field with the standard analyzer.
    public static func text(_ name: String, weight: Float = 1) -> Field {
        Field(name: name, kind: .text, weight: weight)
    }

    /// A keyword field.
    public static func keyword(_ name: String) -> Field { Field(name: name, kind: .keyword) }
}
