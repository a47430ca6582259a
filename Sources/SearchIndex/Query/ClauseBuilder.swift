/// Turns words, quotes, patterns and ranges into leaves of the tree, and counts them.
struct ClauseBuilder {
    private let rules: QueryParser.Rules
    private var clauseCount = 0
    private var analysis = QueryAnalysis()

    init(_ rules: QueryParser.Rules) {
        self.rules = rules
    }

    /// The indexed field called `name`.
    func field(_ name: [UInt8], at byteOffset: Int) throws(QueryError) -> Field {
        guard let index = rules.schema.fieldIndex(forName: name) else {
            let text = String(decoding: name, as: UTF8.self)
            throw QueryError(byteOffset: byteOffset, reason: .unknownField(text))
        }
        let field = rules.schema.fields[index]
        guard field.isIndexed else {
            throw QueryError(byteOffset: byteOffset, reason: .fieldNotIndexed(field.name))
        }
        return field
    }

    /// The query for content of some kind in `field`, or in each default field with its weight.
    ///
    /// - Returns: Nil when the content analyses to nothing.
    mutating func leaf(
        _ content: LeafContent, _ field: Field?, at byteOffset: Int
    ) throws(QueryError) -> Query? {
        if let field { return try leaf(content, in: field, boost: 1, at: byteOffset) }
        let defaultFields = rules.schema.searchedFields
        if defaultFields.isEmpty {
            throw QueryError(byteOffset: byteOffset, reason: .noDefaultField)
        }
        if defaultFields.count == 1 {
            let field = defaultFields[0]
            return try leaf(content, in: field, boost: field.weight, at: byteOffset)
        }
        var queries: [Query] = []
        for field in defaultFields {
            if let query = try leaf(content, in: field, boost: field.weight, at: byteOffset) {
                queries.append(query)
            }
        }
        return Query.combining(should: queries)
    }

    /// The query for a range in `field`.
    mutating func range(
        _ text: RangeText, _ field: Field, at byteOffset: Int
    ) throws(QueryError) -> Query {
        if field.kind == .text {
            throw QueryError(byteOffset: byteOffset, reason: .rangeOnText(field: field.name))
        }
        func bound(_ bound: RangeText.Bound?) throws(QueryError) -> RangeBound? {
            guard let bound else { return nil }
            return RangeBound(
                value: try value(bound.value, field), isInclusive: bound.isInclusive)
        }
        try count(1, at: byteOffset)
        return .range(
            RangeQuery(
                field: field.name, lower: try bound(text.lower), upper: try bound(text.upper)))
    }

    /// The query for any of some values in `field`; nil when they analyse to nothing.
    mutating func set(
        _ values: [ValueText], _ field: Field, at byteOffset: Int
    ) throws(QueryError) -> Query? {
        if field.kind == .text {
            var words: [Query] = []
            for value in values {
                let content = LeafContent.quote(value.bytes, slop: 0)
                if let word = try leaf(content, field, at: value.byteOffset) { words.append(word) }
            }
            return Query.combining(should: words).map {
                .constantScore(ConstantScoreQuery(query: $0))
            }
        }
        try count(values.count, at: byteOffset)
        var read: [FieldValue] = []
        for text in values { read.append(try value(text, field)) }
        return .termSet(TermSetQuery(field: field.name, values: read))
    }

    /// Counts `number` more leaves, which start at `byteOffset`.
    mutating func count(_ number: Int, at byteOffset: Int) throws(QueryError) {
        try checkCount(number, at: byteOffset)
        clauseCount += number
    }

    /// Checks that there may be `number` more leaves.
    private func checkCount(_ number: Int, at byteOffset: Int) throws(QueryError) {
        guard clauseCount + number <= rules.limits.maximumClauses else {
            let reason = QueryError.Reason.tooManyClauses(limit: rules.limits.maximumClauses)
            throw QueryError(byteOffset: byteOffset, reason: reason)
        }
    }

    private func value(_ text: ValueText, _ field: Field) throws(QueryError) -> FieldValue {
        if let value = FieldValue(reading: text.bytes, of: field.kind) { return value }
        throw QueryError(byteOffset: text.byteOffset, reason: .badValue(field: field.name))
    }
}

/// What a leaf searches, before it is known in which field.
enum LeafContent {
    case word(QueryWord)
    case quote([UInt8], slop: UInt32)
    case expression([UInt8])
}

// Leaves in one field.
extension ClauseBuilder {
    private mutating func leaf(
        _ content: LeafContent, in field: Field, boost: Float, at byteOffset: Int
    ) throws(QueryError) -> Query? {
        switch content {
        case .word(let word):
            if word.distance == nil, word.wildcards.isEmpty {
                return try plain(word.content, slop: 0, field, boost, at: byteOffset)
            }
            guard let pattern = pattern(of: word, field) else { return nil }
            return try expansion(pattern, field, boost, at: byteOffset)
        case .quote(let content, let slop):
            return try plain(content, slop: slop, field, boost, at: byteOffset)
        case .expression(let bytes):
            return try expansion(.regex(bytes), field, boost, at: byteOffset)
        }
    }

    private mutating func plain(
        _ content: [UInt8], slop: UInt32, _ field: Field, _ boost: Float, at byteOffset: Int
    ) throws(QueryError) -> Query? {
        if slop > 0, field.kind != .text, !rules.isLenient {
            throw QueryError(byteOffset: byteOffset, reason: .phraseOnKeyword(field: field.name))
        }
        guard field.kind.hasTerms else {
            let text = ValueText(bytes: content, byteOffset: byteOffset)
            try count(1, at: byteOffset)
            let value = try value(text, field)
            return .termSet(TermSetQuery(field: field.name, values: [value], boost: boost))
        }
        guard field.kind == .text else {
            try count(1, at: byteOffset)
            return .term(TermQuery(field: field.name, term: content, boost: boost))
        }
        return try analysed(content, slop: slop, field, boost, at: byteOffset)
    }

    /// The query for text in a text field: a term, or a phrase. Terms that may stand for each other
    /// give one each, of which the best counts.
    private mutating func analysed(
        _ content: [UInt8], slop: UInt32, _ field: Field, _ boost: Float, at byteOffset: Int
    ) throws(QueryError) -> Query? {
        if let term = field.searchAnalyzer.term(ofWord: content) {
            try count(1, at: byteOffset)
            return .term(TermQuery(field: field.name, term: term, boost: boost))
        }
        let places = analysis.alternatives(of: content, field.searchAnalyzer)
        if places.isEmpty { return nil }
        if places.count == 1, places[0].terms.count == 1 {
            try count(1, at: byteOffset)
            return .term(TermQuery(field: field.name, term: places[0].terms[0], boost: boost))
        }
        var phrases: [[PhraseTerm]] = [[]]
        for place in places {
            // The clauses so far bound the product before it is made.
            try checkCount(phrases.count * place.terms.count, at: byteOffset)
            phrases = phrases.flatMap { phrase in
                place.terms.map { phrase + [PhraseTerm(term: $0, position: place.position)] }
            }
        }
        try count(phrases.count * places.count, at: byteOffset)
        let queries = phrases.map { terms -> Query in
            guard terms.count == 1 else {
                return .phrase(
                    PhraseQuery(field: field.name, terms: terms, slop: slop, boost: boost))
            }
            return .term(TermQuery(field: field.name, term: terms[0].term, boost: boost))
        }
        return queries.count == 1
            ? queries[0] : .disjunctionMax(DisjunctionMaxQuery(queries: queries))
    }

    private mutating func expansion(
        _ pattern: ExpansionQuery.Pattern, _ field: Field, _ boost: Float, at byteOffset: Int
    ) throws(QueryError) -> Query? {
        guard field.kind.hasTerms else {
            throw QueryError(byteOffset: byteOffset, reason: .fieldWithoutTerms(field.name))
        }
        // A regular expression starts behind its slash.
        if case .regex = pattern {
            try pattern.check(at: byteOffset + 1)
        } else {
            try pattern.check(at: byteOffset)
        }
        try count(1, at: byteOffset)
        return .expansion(ExpansionQuery(field: field.name, pattern: pattern, boost: boost))
    }

    /// The pattern of a word with operators, written as the field's terms are; nil for none.
    private mutating func pattern(
        of word: QueryWord, _ field: Field
    ) -> ExpansionQuery.Pattern? {
        if let distance = word.distance {
            let term = fuzzyTerm(of: word.content, field)
            return term.map {
                .fuzzy(term: $0, distance: distance, prefixLength: 0, transpositions: true)
            }
        }
        if let prefix = word.prefix { return .prefix(field.normalized(prefix)) }
        return .wildcard(field.normalized(word.pattern))
    }

    /// The term that a fuzzy word stands for: what it analyses to, if that has one position.
    private mutating func fuzzyTerm(of content: [UInt8], _ field: Field) -> [UInt8]? {
        guard field.kind == .text else { return content }
        let places = analysis.alternatives(of: content, field.searchAnalyzer)
        return places.count > 1 ? field.normalized(content) : places.first?.terms.first
    }
}

extension Field {
    /// A part of a term, changed as the analyzer changes single characters; nothing is cut.
    fileprivate func normalized(_ content: [UInt8]) -> [UInt8] {
        kind == .text ? searchAnalyzer.normalized(content) : content
    }
}
