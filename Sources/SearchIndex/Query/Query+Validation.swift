extension Query {
    /// Checks a tree that did not come from `QueryParser`.
    ///
    /// After it returned, the tree can be searched in an index with `schema`, and recursion over
    /// it is bounded. The caller's decoder must bound the nesting of what it hands over itself.
    ///
    /// - Throws: `QueryError` with byte offset 0.
    public func validate(schema: Schema, limits: QueryLimits = QueryLimits()) throws(QueryError) {
        var clauses = 0
        try validate(schema, limits, depth: 0, &clauses)
    }

    private func validate(
        _ schema: Schema, _ limits: QueryLimits, depth: Int, _ clauses: inout Int
    ) throws(QueryError) {
        // Every parenthesis of the text form can give two levels of the tree.
        guard depth <= 2 * limits.maximumDepth + 2 else {
            throw QueryError(byteOffset: 0, reason: .tooDeep(limit: limits.maximumDepth))
        }
        switch self {
        case .matchNone: clauses += 1
        case .matchAll(let boost):
            clauses += 1
            try Self.check(boost: boost)
        case .term(let term):
            clauses += 1
            try Self.check(boost: term.boost)
            _ = try Self.indexedField(term.field, schema)
        case .phrase(let phrase):
            clauses += phrase.terms.count
            try Self.check(phrase, schema)
        case .boolean(let group):
            clauses += group.must.isEmpty && group.should.isEmpty ? 1 : 0
            for query in group.must + group.should + group.mustNot {
                try query.validate(schema, limits, depth: depth + 1, &clauses)
            }
        }
        guard clauses <= limits.maximumClauses else {
            throw QueryError(
                byteOffset: 0, reason: .tooManyClauses(limit: limits.maximumClauses))
        }
    }

    private static func check(_ phrase: PhraseQuery, _ schema: Schema) throws(QueryError) {
        try check(boost: phrase.boost)
        let field = try indexedField(phrase.field, schema)
        guard field.kind == .text else {
            throw QueryError(byteOffset: 0, reason: .phraseOnKeyword(field: phrase.field))
        }
        let positions = phrase.terms.map(\.position)
        guard positions.count >= 2, zip(positions, positions.dropFirst()).allSatisfy(<) else {
            throw QueryError(byteOffset: 0, reason: .badPhrase(field: phrase.field))
        }
    }

    private static func check(boost: Float) throws(QueryError) {
        guard boost >= 0, boost <= Field.maximumWeight * Field.maximumWeight else {
            throw QueryError(byteOffset: 0, reason: .badBoost)
        }
    }

    private static func indexedField(
        _ name: String, _ schema: Schema
    ) throws(QueryError) -> Field {
        guard let field = schema.field(named: name) else {
            throw QueryError(byteOffset: 0, reason: .unknownField(name))
        }
        guard field.isIndexed else {
            throw QueryError(byteOffset: 0, reason: .fieldNotIndexed(name))
        }
        return field
    }
}
