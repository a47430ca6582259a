/// Finds the fragments of stored documents that show one query's words best. Immutable.
public struct Highlighter: Sendable {
    private let schema: Schema
    private let options: SnippetOptions
    /// The fields with what the query looks for in each.
    private let fields: [(field: Field, terms: HighlightTerms)]

    /// A highlighter of a query without more-like-this nodes; they show nothing.
    ///
    /// - Parameter fields: names of stored fields of the kinds text, keyword or facet; once is enough.
    /// - Throws: `noText` for another field.
    public init(
        schema: Schema, query: Query, fields: [String], options: SnippetOptions = SnippetOptions()
    ) throws(SearchError) {
        self.schema = schema
        self.options = options
        self.fields = try Self.fields(named: fields, of: schema).map {
            ($0, HighlightTerms(query, field: $0.name))
        }
    }

    /// Checks that all of some fields have text to highlight.
    ///
    /// - Throws: `noText` for one that has none.
    package static func check(_ fields: [String], of schema: Schema) throws(SearchError) {
        _ = try Self.fields(named: fields, of: schema)
    }

    private static func fields(
        named names: [String], of schema: Schema
    ) throws(SearchError) -> [Field] {
        var fields: [Field] = []
        for name in names where !fields.contains(where: { $0.name == name }) {
            guard let field = schema.field(named: name), field.isStored, field.hasTerms,
                schema.storesSource
            else { throw .noText(field: name) }
            fields.append(field)
        }
        return fields
    }

    /// The best fragments of each field of a stored document; fields without any are left out.
    ///
    /// Words are those that the field's analyzer makes terms that the query looks for in the same
    /// field; those of a phrase count where the phrase stands. Linear in the document, and in the
    /// fields. A damaged document has none.
    public func snippets(in document: [UInt8]) -> [FieldSnippets] {
        let stored = StoredTexts(document, schema: schema)
        return fields.compactMap { field, terms in
            let fragments = fragments(of: stored.texts(of: field), field, terms)
            return fragments.isEmpty
                ? nil : FieldSnippets(field: field.name, fragments: fragments)
        }
    }

    /// The best fragments of all values of a field.
    private func fragments(
        of texts: [[UInt8]], _ field: Field, _ terms: HighlightTerms
    ) -> [String] {
        let limit = min(max(0, options.fragments), SnippetOptions.maximumFragments)
        if terms.isEmpty || limit == 0 { return [] }
        // What patterns match is remembered from value to value.
        var terms = terms
        var found: [(passage: PassageFinder.Passage, text: MarkedText, order: Int)] = []
        for text in texts {
            let marked = MarkedText(text, field: field, terms: &terms)
            for passage in PassageFinder(marked, length: options.length).best(limit) {
                found.append((passage, marked, found.count))
            }
        }
        found.sort { left, right in
            if left.passage.isBetter(than: right.passage) { return true }
            return !right.passage.isBetter(than: left.passage) && left.order < right.order
        }
        return found.prefix(limit).map {
            FragmentWriter(text: $0.text, options: options).fragment($0.passage.range)
        }
    }
}
