import SearchIndex

/// The oracle of search: scores every document by looking at all of it.
///
/// Slow and obvious on purpose. It shares with the engine only the analyzers and the formulas of
/// `BM25`, and knows nothing of postings, columns, blocks, shards or windows.
final class ExhaustiveScorer {
    /// What the regular expressions of queries mean.
    var regexes: [[UInt8]: SlowPattern] = [:]

    private let documents: [CorpusDocument]
    private let schema: Schema
    /// Per document and field of text, keywords or facets, the terms with their positions.
    private let terms: [[String: [Token]]]
    /// Per field, how many documents hold each term.
    private let holders: [String: [[UInt8]: Int]]
    /// The terms of patterns seen before.
    private var expanded: [ExpansionQuery: Set<[UInt8]>] = [:]
    /// The statistics of the documents themselves.
    private let ownStatistics: CollectionStatistics
    /// Those that scores are computed with.
    private var statistics: CollectionStatistics

    init(_ documents: [CorpusDocument], schema: Schema) {
        self.documents = documents
        self.schema = schema
        let terms = documents.map { document in
            schema.fields.filter(\.hasTerms).reduce(into: [String: [Token]]()) { result, field in
                result[field.name] = document.terms(of: field)
            }
        }
        self.terms = terms
        self.holders = terms.reduce(into: [:]) { result, fields in
            for (field, tokens) in fields {
                for term in Set(tokens.map(\.term)) {
                    result[field, default: [:]][term, default: 0] += 1
                }
            }
        }
        ownStatistics = CollectionStatistics(
            documents: UInt64(documents.count),
            fields: schema.fields.map { field in
                let total = terms.reduce(0) { $0 + Self.length($1[field.name], field.kind) }
                return FieldStatistics(name: field.name, tokens: UInt64(total))
            })
        statistics = ownStatistics
    }

    /// The best `limit` hits and the number of all; order keys are the input positions.
    ///
    /// - Parameters:
    ///   - other: Statistics to score with instead of the documents' own.
    ///   - deleted: Documents that count in statistics only.
    func search(
        _ query: Query, limit: Int, statistics other: CollectionStatistics? = nil,
        deleted: Set<Int> = []
    ) -> (hits: [RankedHit], total: UInt64) {
        statistics = other ?? ownStatistics
        var hits: [RankedHit] = []
        for (index, document) in documents.enumerated() where !deleted.contains(index) {
            guard let score = score(of: query, in: index) else { continue }
            hits.append(
                RankedHit(
                    score: score, orderKey: OrderKey(UInt64(index)),
                    id: Array(document.id.utf8)[...]))
        }
        let ranked = hits.sorted { $0.precedes($1) }
        return (Array(ranked.prefix(limit)), UInt64(hits.count))
    }

    private func score(of query: Query, in document: Int) -> Float? {
        guard let contributions = contributions(of: query, in: document) else { return nil }
        return contributions.reduce(Float(0)) { $0 + $1 }
    }

    /// What the matching leaves of `query` score, in order; nil when the document does not match.
    private func contributions(of query: Query, in document: Int) -> [Float]? {
        func constant(_ matches: Bool, _ boost: Float) -> [Float]? { matches ? [boost] : nil }
        switch query {
        case .matchNone: return nil
        case .matchAll(let boost): return [boost]
        case .term(let term):
            let phrase = PhraseQuery(
                field: term.field, terms: [PhraseTerm(term: term.term, position: 0)],
                boost: term.boost)
            return contribution(phrase, document)
        case .phrase(let phrase): return contribution(phrase, document)
        case .boolean(let group): return contributions(of: group, in: document)
        case .constantScore(let query):
            return constant(score(of: query.query, in: document) != nil, query.boost)
        case .disjunctionMax(let group):
            var scores = group.queries.compactMap { score(of: $0, in: document) }
            guard let best = scores.max(), let place = scores.firstIndex(of: best) else {
                return nil
            }
            scores.remove(at: place)
            return [best + group.tieBreaker * scores.reduce(Float(0)) { $0 + $1 }]
        case .expansion(let query):
            let wanted = terms(of: query)
            let matches = values(query.field, document).contains { value in
                if case .text(let term) = value { wanted.contains(term) } else { false }
            }
            return constant(matches, query.boost)
        case .range(let query):
            let matches = values(query.field, document).contains { Self.isInside($0, query) }
            return constant(matches, query.boost)
        case .termSet(let query):
            let matches = values(query.field, document).contains { query.values.contains($0) }
            return constant(matches, query.boost)
        case .exists(let query):
            return constant(!values(query.field, document).isEmpty, query.boost)
        case .moreLikeThis: preconditionFailure("no oracle for \(query)")
        }
    }

    private func contributions(of group: BooleanQuery, in document: Int) -> [Float]? {
        let must = group.must.map { contributions(of: $0, in: document) }
        let should = group.should.map { contributions(of: $0, in: document) }
        func isMatched(_ query: Query) -> Bool { contributions(of: query, in: document) != nil }
        if group.mustNot.contains(where: isMatched) { return nil }
        if must.contains(where: { $0 == nil }) { return nil }
        if !group.filter.allSatisfy(isMatched) { return nil }
        let isFree = group.must.isEmpty && group.filter.isEmpty
        let wanted = group.minimumShouldMatch > 0 ? group.minimumShouldMatch : isFree ? 1 : 0
        if should.count(where: { $0 != nil }) < wanted { return nil }
        return (must + should).compactMap(\.self).flatMap(\.self)
    }
}

// Terms and phrases.
extension ExhaustiveScorer {
    private func contribution(_ phrase: PhraseQuery, _ document: Int) -> [Float]? {
        let tokens = terms[document][phrase.field] ?? []
        let frequency = Self.occurrences(of: phrase, in: tokens)
        if frequency == 0 { return nil }
        var idf: Float = 0
        for wanted in phrase.terms {
            let frequency = holders[phrase.field]?[wanted.term] ?? 0
            idf += BM25.inverseDocumentFrequency(
                documents: statistics.documents, frequency: UInt64(frequency))
        }
        let kind = schema.field(named: phrase.field)?.kind ?? .text
        let bm25 = schema.field(named: phrase.field)?.bm25 ?? BM25Parameters()
        let total = statistics.field(named: phrase.field)?.tokens ?? 0
        let norm = BM25.norm(
            length: Self.keptLength(Self.length(tokens, kind)),
            averageLength: Double(total) / Double(statistics.documents), k1: bm25.k1, b: bm25.b)
        let weight = BM25.weight(
            boost: phrase.boost, inverseDocumentFrequency: idf, k1: bm25.k1)
        return [BM25.contribution(weight: weight, frequency: UInt32(frequency), norm: norm)]
    }

    /// The positions of the first term from which the others can be placed: tries all places.
    private static func occurrences(of phrase: PhraseQuery, in tokens: [Token]) -> Int {
        func canPlace(_ rest: ArraySlice<PhraseTerm>, _ start: Int, _ slop: Int) -> Bool {
            guard slop >= 0 else { return false }
            guard let next = rest.first else { return true }
            let wanted = start + Int(next.position) - Int(phrase.terms[0].position)
            return tokens.contains {
                $0.term == next.term
                    && canPlace(rest.dropFirst(), start, slop - abs(Int($0.position) - wanted))
            }
        }
        return tokens.count {
            $0.term == phrase.terms[0].term
                && canPlace(phrase.terms.dropFirst(), Int($0.position), Int(phrase.slop))
        }
    }

    /// The length of a field: of text its terms; of others 1 where there is a value.
    private static func length(_ terms: [Token]?, _ kind: Field.Kind) -> Int {
        let count = terms?.count ?? 0
        return kind == .text ? count : min(1, count)
    }

    /// A length as one byte keeps it: exact up to 40, above with four significant bits of what
    /// exceeds 24 (Lucene's SmallFloat.intToByte4).
    private static func keptLength(_ length: Int) -> UInt32 {
        if length < 40 { return UInt32(length) }
        let excess = UInt32(length - 24)
        let shift = UInt32(max(0, 32 - excess.leadingZeroBitCount - 4))
        return (excess >> shift) << shift + 24
    }
}

// Patterns and values.
extension ExhaustiveScorer {
    /// The terms of the field that a pattern means.
    func terms(of query: ExpansionQuery) -> Set<[UInt8]> {
        if let known = expanded[query] { return known }
        let found = Set((holders[query.field] ?? [:]).keys.filter { matches($0, query.pattern) })
        expanded[query] = found
        return found
    }

    private func matches(_ term: [UInt8], _ pattern: ExpansionQuery.Pattern) -> Bool {
        func scalars(_ bytes: [UInt8]) -> [Unicode.Scalar] {
            Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        }
        switch pattern {
        case .prefix(let prefix): return term.starts(with: prefix)
        case .wildcard(let pattern):
            let parts = scalars(pattern).map { scalar -> SlowPattern in
                scalar == "*" ? .star(.any) : scalar == "?" ? .any : .scalar(scalar)
            }
            return SlowPattern.sequence(parts).matches(scalars(term))
        case .regex(let expression):
            guard let pattern = regexes[expression] else {
                preconditionFailure("no meaning for \(String(decoding: expression, as: UTF8.self))")
            }
            return pattern.matches(scalars(term))
        case .fuzzy(let wanted, let distance, let prefixLength, let transpositions):
            let prefix = scalars(wanted).prefix(prefixLength)
            return scalars(term).starts(with: prefix)
                && editDistance(
                    Array(scalars(wanted).dropFirst(prefixLength)),
                    Array(scalars(term).dropFirst(prefixLength)), transpositions: transpositions)
                    <= distance
        }
    }

    /// The terms of a field of text, keywords or facets; else its values.
    private func values(_ field: String, _ document: Int) -> [FieldValue] {
        if let terms = terms[document][field] { return terms.map { .text($0.term) } }
        return documents[document].values[field] ?? []
    }

    private static func isInside(_ value: FieldValue, _ range: RangeQuery) -> Bool {
        if let lower = range.lower {
            if isBelow(value, lower.value) { return false }
            if !lower.isInclusive, !isBelow(lower.value, value) { return false }
        }
        guard let upper = range.upper else { return true }
        return upper.isInclusive ? !isBelow(upper.value, value) : isBelow(value, upper.value)
    }

    private static func isBelow(_ left: FieldValue, _ right: FieldValue) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
        case (.integer(let left), .integer(let right)): left < right
        case (.double(let left), .double(let right)): left < right
        case (.bool(let left), .bool(let right)): !left && right
        case (.date(let left), .date(let right)): left < right
        default: preconditionFailure("\(left) and \(right) do not compare")
        }
    }
}
