extension Query {
    /// Checks a tree that did not come from `QueryParser`.
    ///
    /// After it returned, the tree can be searched in an index with `schema`, and recursion over
    /// it is bounded. The caller's decoder must bound the nesting of what it hands over itself.
    ///
    /// - Throws: `QueryError` with byte offset 0.
    public func validate(schema: Schema, limits: QueryLimits = QueryLimits()) throws(QueryError) {
        var validator = QueryValidator(schema: schema, limits: limits)
        try validator.check(self, depth: 0)
    }
}

/// One walk over a tree: its fields, values, bounds and size.
private struct QueryValidator {
    let schema: Schema
    let limits: QueryLimits
    private var clauses = 0

    init(schema: Schema, limits: QueryLimits) {
        self.schema = schema
        self.limits = limits
    }

    mutating func check(_ query: Query, depth: Int) throws(QueryError) {
        // Every parenthesis of the text form can give two levels of the tree.
        guard depth <= 2 * limits.maximumDepth + 2 else {
            throw failure(.tooDeep(limit: limits.maximumDepth))
        }
        switch query {
        case .boolean(let group): try check(group, depth: depth)
        case .disjunctionMax(let group):
            guard !group.queries.isEmpty, group.tieBreaker >= 0, group.tieBreaker <= 1 else {
                throw failure(.badDisjunctionMax)
            }
            try check(group.queries, depth: depth + 1)
        case .constantScore(let query):
            try check(boost: query.boost)
            try check(query.query, depth: depth + 1)
        default: try check(leaf: query)
        }
    }

    private mutating func check(_ queries: [Query], depth: Int) throws(QueryError) {
        for query in queries { try check(query, depth: depth) }
    }

    private mutating func check(_ group: BooleanQuery, depth: Int) throws(QueryError) {
        guard 0...group.should.count ~= group.minimumShouldMatch else {
            throw failure(.badMinimumShouldMatch(limit: group.should.count))
        }
        if group.must.isEmpty, group.should.isEmpty, group.filter.isEmpty { try count(1) }
        for queries in [group.must, group.should, group.mustNot, group.filter] {
            try check(queries, depth: depth + 1)
        }
    }

    private mutating func check(leaf: Query) throws(QueryError) {
        switch leaf {
        case .matchAll(let boost):
            try count(1)
            try check(boost: boost)
        case .term(let term):
            try count(1)
            try check(boost: term.boost)
            try checkHasTerms(try indexedField(term.field))
        case .phrase(let phrase): try check(phrase)
        case .expansion(let expansion): try check(expansion)
        case .range(let range): try check(range)
        case .termSet(let set): try check(set)
        case .exists(let exists):
            try count(1)
            try check(boost: exists.boost)
            _ = try indexedField(exists.field)
        case .moreLikeThis(let query): try check(query)
        case .matchNone, .boolean, .disjunctionMax, .constantScore: try count(1)
        }
    }

    private mutating func check(_ phrase: PhraseQuery) throws(QueryError) {
        try count(phrase.terms.count)
        try check(boost: phrase.boost)
        let field = try indexedField(phrase.field)
        guard field.kind == .text else {
            throw failure(.phraseOnKeyword(field: phrase.field))
        }
        let positions = phrase.terms.map(\.position)
        guard positions.count >= 2, zip(positions, positions.dropFirst()).allSatisfy(<) else {
            throw failure(.badPhrase(field: phrase.field))
        }
        guard phrase.slop <= QueryLimits.maximumSlop else { throw failure(.badSlop) }
    }

    private mutating func check(_ expansion: ExpansionQuery) throws(QueryError) {
        try count(1)
        try check(boost: expansion.boost)
        try checkHasTerms(try indexedField(expansion.field))
        try expansion.pattern.check(at: 0)
    }

    private mutating func check(_ range: RangeQuery) throws(QueryError) {
        try count(1)
        try check(boost: range.boost)
        let field = try indexedField(range.field)
        if field.kind == .text { throw failure(.rangeOnText(field: field.name)) }
        for bound in [range.lower, range.upper] {
            if let bound { try check(bound.value, of: field) }
        }
    }

    private mutating func check(_ set: TermSetQuery) throws(QueryError) {
        try count(max(1, set.values.count))
        try check(boost: set.boost)
        let field = try indexedField(set.field)
        guard !set.values.isEmpty else { throw failure(.missingValue(field: set.field)) }
        for value in set.values { try check(value, of: field) }
    }

    private mutating func check(_ query: MoreLikeThisQuery) throws(QueryError) {
        try check(boost: query.boost)
        guard query.maximumQueryTerms >= 1, query.minimumTermFrequency >= 0,
            query.minimumDocumentFrequency >= 0, query.minimumShouldMatch >= 1
        else { throw failure(.badMoreLikeThis) }
        try count(query.maximumQueryTerms)
        if query.fields.isEmpty, schema.defaultFields.isEmpty { throw failure(.noDefaultField) }
        for name in query.fields { try checkHasTerms(try indexedField(name)) }
        if case .text(let bytes) = query.like, bytes.count > QueryLimits.maximumLikeBytes {
            throw failure(.tooLong(limit: QueryLimits.maximumLikeBytes))
        }
    }

    private func check(_ value: FieldValue, of field: Field) throws(QueryError) {
        guard value.fits(field.kind) else { throw failure(.badValue(field: field.name)) }
    }

    private func check(boost: Float) throws(QueryError) {
        guard boost >= 0, boost <= Field.maximumWeight * Field.maximumWeight else {
            throw failure(.badBoost)
        }
    }

    private func checkHasTerms(_ field: Field) throws(QueryError) {
        guard field.kind.hasTerms else {
            throw failure(.fieldWithoutTerms(field.name))
        }
    }

    private func indexedField(_ name: String) throws(QueryError) -> Field {
        guard let field = schema.field(named: name) else { throw failure(.unknownField(name)) }
        guard field.isIndexed else { throw failure(.fieldNotIndexed(name)) }
        return field
    }

    private mutating func count(_ number: Int) throws(QueryError) {
        let (sum, overflow) = clauses.addingReportingOverflow(number)
        clauses = sum
        guard !overflow, clauses <= limits.maximumClauses else {
            throw failure(.tooManyClauses(limit: limits.maximumClauses))
        }
    }

    private func failure(_ reason: QueryError.Reason) -> QueryError {
        QueryError(byteOffset: 0, reason: reason)
    }
}

extension ExpansionQuery.Pattern {
    /// Checks that the terms of the pattern can be looked for.
    ///
    /// - Parameter byteOffset: where the pattern starts in the text.
    func check(at byteOffset: Int) throws(QueryError) {
        let bytes: [UInt8]
        switch self {
        case .prefix(let pattern), .wildcard(let pattern), .regex(let pattern): bytes = pattern
        case .fuzzy(let term, let distance, let prefixLength, _):
            guard 1...2 ~= distance, prefixLength >= 0 else {
                throw QueryError(byteOffset: byteOffset, reason: .badFuzzy)
            }
            bytes = term
        }
        guard bytes.count <= QueryLimits.maximumPatternBytes else {
            let reason = QueryError.Reason.patternTooLong(limit: QueryLimits.maximumPatternBytes)
            throw QueryError(byteOffset: byteOffset, reason: reason)
        }
        do throws(PatternError) {
            _ = try automaton()
        } catch {
            throw QueryError(
                byteOffset: byteOffset + error.byteOffset, reason: .badPattern(error.reason))
        }
    }
}
