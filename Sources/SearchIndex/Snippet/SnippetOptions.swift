/// How the fragments of texts with the words of a query look.
public struct SnippetOptions: Sendable, Hashable {
    /// The most fragments of one field.
    public static let maximumFragments = 100
    /// The longest fragment that can be asked for, in characters.
    public static let maximumLength = 10_000

    /// What stands before a word of the query.
    public var openingMark: String
    /// What stands behind it.
    public var closingMark: String
    /// Whether `&`, `<`, `>` and quotes of the text, not of the marks, become HTML entities.
    public var escapesHTML: Bool
    /// The most fragments of one field; counts as 0 below and as `maximumFragments` above.
    public var fragments: Int
    /// About how many characters (Unicode scalars) a fragment has; counts as at least 1 and at most
    /// `maximumLength`. A fragment is longer only where a single word is.
    public var length: Int

    /// Options.
    public init(
        openingMark: String = "<em>", closingMark: String = "</em>", escapesHTML: Bool = false,
        fragments: Int = 3, length: Int = 150
    ) {
        self.openingMark = openingMark
        self.closingMark = closingMark
        self.escapesHTML = escapesHTML
        self.fragments = fragments
        self.length = length
    }
}

/// The fragments of one field of a hit.
public struct FieldSnippets: Sendable, Hashable {
    /// The name of the field.
    public let field: String
    /// The best fragments first, at least one; the words of the query are marked.
    public let fragments: [String]

    /// The fragments of a field.
    public init(field: String, fragments: [String]) {
        self.field = field
        self.fragments = fragments
    }
}

/// Which fields of hits show the words of a query, and how.
public struct Highlighting: Sendable, Hashable {
    /// Names of stored fields of the kinds text, keyword or facet.
    public var fields: [String]
    /// How their fragments look.
    public var options: SnippetOptions

    /// Highlighting in some fields.
    public init(fields: [String], options: SnippetOptions = SnippetOptions()) {
        self.fields = fields
        self.options = options
    }
}
