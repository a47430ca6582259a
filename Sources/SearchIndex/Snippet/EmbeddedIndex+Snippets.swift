extension EmbeddedIndex {
    /// A highlighter of a query's words in documents of this index, for any number of hits.
    ///
    /// - Parameter fields: names of stored fields of the kinds text, keyword or facet.
    /// - Throws: `noText` for another field, `index` for damaged files, `noSuchDocument` for a
    ///   more-like-this query that names no document.
    public func highlighter(
        for query: Query, fields: [String], options: SnippetOptions = SnippetOptions()
    ) throws(SearchError) -> Highlighter {
        var meter = WorkMeter(control: .none)
        return try Highlighter(
            schema: description.schema, query: try rewritten(query, &meter), fields: fields,
            options: options)
    }

    /// The fragments of a hit's stored texts that show the query's words best, by field.
    ///
    /// For one hit; `highlighter(for:fields:options:)` serves several at less cost.
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
        try highlighter(for: query, fields: fields, options: options).snippets(in: document)
    }
}
