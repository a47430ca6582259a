extension EmbeddedIndex {
    /// The fragments of a hit's stored texts that show the query's words best, by field.
    ///
    /// Words are those that the field's analyzer makes terms that the query looks for in the same
    /// field; those of a phrase count where the phrase stands. Fields without any are left out.
    /// Linear in the stored document, and in the fields.
    ///
    /// - Parameter fields: names of stored fields of the kinds text, keyword or facet.
    /// - Throws: `noText` for another field, `index` for damaged files.
    public func snippets(
        of hit: ShardHit, query: Query, fields: [String],
        options: SnippetOptions = SnippetOptions()
    ) throws(SearchError) -> [FieldSnippets] {
        let document: [UInt8] = try SearchError.wrapping { () throws(IndexError) in
            try self.document(of: hit)
        }
        return try snippets(in: document, query: query, fields: fields, options: options)
    }

    /// The same for a stored document of this index.
    public func snippets(
        in document: [UInt8], query: Query, fields: [String],
        options: SnippetOptions = SnippetOptions()
    ) throws(SearchError) -> [FieldSnippets] {
        var meter = WorkMeter(control: .none)
        let query = try rewritten(query, &meter)
        let stored = StoredTexts(document, schema: description.schema)
        var snippets: [FieldSnippets] = []
        for name in fields {
            guard let field = description.schema.field(named: name), field.isStored,
                field.hasTerms
            else { throw .noText(field: name) }
            let fragments = Self.fragments(
                of: stored.texts(of: field), field, query, options)
            if !fragments.isEmpty {
                snippets.append(FieldSnippets(field: field.name, fragments: fragments))
            }
        }
        return snippets
    }

    /// The best fragments of all values of a field.
    private static func fragments(
        of texts: [[UInt8]], _ field: Field, _ query: Query, _ options: SnippetOptions
    ) -> [String] {
        var terms = HighlightTerms(query, field: field.name)
        let limit = min(max(0, options.fragments), SnippetOptions.maximumFragments)
        if terms.isEmpty || limit == 0 { return [] }
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
