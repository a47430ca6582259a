/// How the text of a field becomes terms: a tokenizer and a chain of filters, with a name.
public struct Analyzer: Sendable, Hashable, CustomStringConvertible {
    /// The most filters of a chain.
    public static let maximumFilters = 16

    /// The words of UAX #29, in lower case.
    public static let standard = Analyzer(builtIn: "standard", .standard, [.lowercase])
    /// Runs of letters and digits, in lower case.
    public static let simple = Analyzer(builtIn: "simple", .simple, [.lowercase])
    /// What white space separates, as it is.
    public static let whitespace = Analyzer(builtIn: "whitespace", .whitespace, [])
    /// The whole value as one term, as it is.
    public static let keyword = Analyzer(builtIn: "keyword", .keyword, [])
    /// A path and those that lead to it, as they are.
    public static let path = Analyzer(builtIn: "path", .path(.slash), [])
    /// The analyzers that every schema has.
    public static let builtIn: [Analyzer] = [.standard, .simple, .whitespace, .keyword, .path]

    /// The name that fields refer to it by.
    public let name: AnalyzerName
    /// How text is cut.
    public let tokenizer: TokenizerKind
    /// What then happens to each term, in this order.
    public let filters: [TokenFilter]
    /// The synonyms among the filters, as terms.
    let synonyms: SynonymTable?

    /// An analyzer; the words of its synonyms become terms by the chain in front of them.
    ///
    /// - Throws: `SchemaError` for a name that is malformed or built in, too many filters, or
    ///   synonyms that the chain cannot apply.
    public init(
        name: AnalyzerName, tokenizer: TokenizerKind, filters: [TokenFilter] = []
    ) throws(SchemaError) {
        guard name.isValid, !Self.builtIn.contains(where: { $0.name == name }) else {
            throw SchemaError(.badAnalyzerName, analyzer: name)
        }
        if case .ngram(let shape) = tokenizer, shape.lengths.count > GramShape.maximumSpread {
            throw SchemaError(.badGrams, analyzer: name)
        }
        guard filters.count <= Self.maximumFilters else {
            throw SchemaError(.tooManyFilters(count: filters.count), analyzer: name)
        }
        self.name = name
        self.tokenizer = tokenizer
        self.filters = filters
        synonyms = try Self.table(name, tokenizer, filters)
    }

    private init(builtIn name: AnalyzerName, _ tokenizer: TokenizerKind, _ filters: [TokenFilter]) {
        self.name = name
        self.tokenizer = tokenizer
        self.filters = filters
        synonyms = nil
    }

    /// The synonyms of a chain, as terms of the part before them.
    private static func table(
        _ name: AnalyzerName, _ tokenizer: TokenizerKind, _ filters: [TokenFilter]
    ) throws(SchemaError) -> SynonymTable? {
        var table: SynonymTable?
        for (place, filter) in filters.enumerated() {
            guard case .synonyms(let synonyms) = filter else { continue }
            if table != nil { throw SchemaError(.repeatedSynonyms, analyzer: name) }
            if tokenizer.stacksTokens { throw SchemaError(.synonymsOfGrams, analyzer: name) }
            let before = Analyzer(builtIn: name, tokenizer, Array(filters[..<place]))
            var chain = TokenStream(before)
            do {
                table = try SynonymTable(synonyms, chain: &chain)
            } catch {
                throw SchemaError(.badSynonyms(error), analyzer: name)
            }
        }
        return table
    }

    /// The name.
    public var description: String { name.rawValue }

    /// All terms of `text`, in order; for single texts, such as queries.
    public func tokens(of text: Span<UInt8>) -> [Token] {
        var stream = TokenStream(self)
        return stream.tokens(of: text)
    }

    /// Analyzers are equal when name, tokenizer and filters are.
    public static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.tokenizer == right.tokenizer
            && left.filters == right.filters
    }

    /// Hashes the name, which tells the analyzers of a schema apart.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
