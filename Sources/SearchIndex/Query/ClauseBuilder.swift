/// Turns words and quotes into leaves of the tree, and counts them.
struct ClauseBuilder {
    private let schema: Schema
    private let limits: QueryLimits
    private let defaultFields: [Field]
    private var clauseCount = 0

    init(parser: QueryParser) {
        self.schema = parser.schema
        self.limits = parser.limits
        self.defaultFields = parser.schema.defaultFields.compactMap {
            parser.schema.field(named: $0)
        }
    }

    /// The indexed field called `name`.
    func field(_ name: [UInt8], at byteOffset: Int) throws(QueryError) -> Field {
        guard let index = schema.fieldIndex(forName: name) else {
            let text = String(decoding: name, as: UTF8.self)
            throw QueryError(byteOffset: byteOffset, reason: .unknownField(text))
        }
        let field = schema.fields[index]
        guard field.isIndexed else {
            throw QueryError(byteOffset: byteOffset, reason: .fieldNotIndexed(field.name))
        }
        return field
    }

    /// The query for a word or a quote in `field`, or in each default field with its weight.
    ///
    /// - Returns: Nil when the content analyses to nothing.
    mutating func leaf(
        _ content: [UInt8], _ field: Field?, at byteOffset: Int
    ) throws(QueryError) -> Query? {
        if let field { return try leaf(content, in: field, boost: 1, at: byteOffset) }
        if defaultFields.isEmpty {
            throw QueryError(byteOffset: byteOffset, reason: .noDefaultField)
        }
        var queries: [Query] = []
        for field in defaultFields {
            if let query = try leaf(content, in: field, boost: field.weight, at: byteOffset) {
                queries.append(query)
            }
        }
        return Query.combining(should: queries)
    }

    /// Counts `number` more leaves, which start at `byteOffset`.
    mutating func count(_ number: Int, at byteOffset: Int) throws(QueryError) {
        clauseCount += number
        guard clauseCount <= limits.maximumClauses else {
            let reason = QueryError.Reason.tooManyClauses(limit: limits.maximumClauses)
            throw QueryError(byteOffset: byteOffset, reason: reason)
        }
    }

    private mutating func leaf(
        _ content: [UInt8], in field: Field, boost: Float, at byteOffset: Int
    ) throws(QueryError) -> Query? {
        if field.kind == .keyword {
            try count(1, at: byteOffset)
            return .term(TermQuery(field: field.name, term: content, boost: boost))
        }
        let terms = try phraseTerms(content, field.analyzer, at: byteOffset)
        guard let first = terms.first else { return nil }
        if terms.count == 1 {
            return .term(TermQuery(field: field.name, term: first.term, boost: boost))
        }
        return .phrase(PhraseQuery(field: field.name, terms: terms, boost: boost))
    }

    /// The terms of `content`, positions relative to the first; each counts as a clause.
    private mutating func phraseTerms(
        _ content: [UInt8], _ analyzer: AnalyzerKind, at byteOffset: Int
    ) throws(QueryError) -> [PhraseTerm] {
        var terms: [PhraseTerm] = []
        var first: UInt32 = 0
        var tokenizer = Tokenizer(analyzer)
        while tokenizer.next(in: content.span) {
            try count(1, at: byteOffset)
            if terms.isEmpty { first = tokenizer.position }
            let term = Array(tokenizer.termBuffer[..<tokenizer.termLength])
            terms.append(PhraseTerm(term: term, position: tokenizer.position - first))
        }
        return terms
    }
}
