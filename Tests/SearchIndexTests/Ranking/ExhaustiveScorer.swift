import SearchIndex

/// A document of a test corpus: its id and the text of its fields.
struct CorpusDocument {
    let id: String
    let fields: [String: String]

    /// The document as a line of JSON, as the builder takes it.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("id")
        writer.string(id)
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            writer.key(name)
            writer.string(value)
        }
        writer.endObject()
        return writer.bytes
    }
}

/// The oracle of search: scores every document by looking at all of its text.
///
/// Slow and obvious on purpose. It shares with the engine only the analyzers and the formulas of
/// `BM25`, and knows nothing of postings, blocks, shards or windows.
struct ExhaustiveScorer {
    private let documents: [CorpusDocument]
    private let schema: Schema
    /// Per document and field, the terms with their positions.
    private let terms: [[String: [Token]]]
    private let averageLengths: [String: Double]
    /// Per field, how many documents hold each term.
    private let holders: [String: [[UInt8]: Int]]

    init(_ documents: [CorpusDocument], schema: Schema) {
        self.documents = documents
        self.schema = schema
        let terms = documents.map { document in
            document.fields.reduce(into: [String: [Token]]()) { result, entry in
                result[entry.key] = schema.field(named: entry.key).map { $0.analyzed(entry.value) }
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
        self.averageLengths = schema.fields.reduce(into: [:]) { result, field in
            let total = terms.reduce(0) { $0 + ($1[field.name]?.count ?? 0) }
            result[field.name] = Double(total) / Double(documents.count)
        }
    }

    /// The best `limit` hits and the number of all; order keys are the input positions.
    func search(_ query: Query, limit: Int) -> (hits: [RankedHit], total: UInt64) {
        var hits: [RankedHit] = []
        for (index, document) in documents.enumerated() {
            guard let contributions = contributions(of: query, in: index) else { continue }
            var score: Float = 0
            for contribution in contributions { score += contribution }
            hits.append(
                RankedHit(
                    score: score, orderKey: OrderKey(UInt64(index)), id: Array(document.id.utf8)))
        }
        let ranked = hits.sorted { $0.precedes($1) }
        return (Array(ranked.prefix(limit)), UInt64(hits.count))
    }

    /// What the matching leaves of `query` score, in order; nil when the document does not match.
    private func contributions(of query: Query, in document: Int) -> [Float]? {
        switch query {
        case .matchNone: return nil
        case .matchAll(let boost): return [boost]
        case .term(let term):
            return contribution(
                term.field, [PhraseTerm(term: term.term, position: 0)], term.boost, document)
        case .phrase(let phrase):
            return contribution(phrase.field, phrase.terms, phrase.boost, document)
        case .boolean(let group):
            let must = group.must.map { contributions(of: $0, in: document) }
            let should = group.should.map { contributions(of: $0, in: document) }
            if group.mustNot.contains(where: { contributions(of: $0, in: document) != nil }) {
                return nil
            }
            if must.contains(where: { $0 == nil }) { return nil }
            if must.isEmpty, should.allSatisfy({ $0 == nil }) { return nil }
            return (must + should).compactMap(\.self).flatMap(\.self)
        default: preconditionFailure("no oracle for \(query)")
        }
    }

    private func contribution(
        _ field: String, _ phrase: [PhraseTerm], _ boost: Float, _ document: Int
    ) -> [Float]? {
        let frequency = occurrences(of: phrase, in: terms[document][field] ?? [])
        if frequency == 0 { return nil }
        var idf: Float = 0
        for wanted in phrase {
            let frequency = holders[field]?[wanted.term] ?? 0
            idf += BM25.inverseDocumentFrequency(
                documents: UInt64(documents.count), frequency: UInt64(frequency))
        }
        let norm = BM25.norm(
            length: Self.keptLength(terms[document][field]?.count ?? 0),
            averageLength: averageLengths[field] ?? 1)
        let weight = BM25.weight(boost: boost, inverseDocumentFrequency: idf)
        return [BM25.contribution(weight: weight, frequency: UInt32(frequency), norm: norm)]
    }

    private func occurrences(of phrase: [PhraseTerm], in tokens: [Token]) -> Int {
        guard let first = phrase.first else { return 0 }
        return tokens.count { start in
            start.term == first.term
                && phrase.allSatisfy { wanted in
                    tokens.contains {
                        $0.term == wanted.term
                            && $0.position == start.position + wanted.position - first.position
                    }
                }
        }
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

extension Field {
    /// The terms that a value of the field is indexed under.
    func analyzed(_ value: String) -> [Token] {
        let bytes = Array(value.utf8)
        if kind == .text { return analyzer.tokens(of: bytes.span) }
        return [Token(term: bytes, position: 0, byteRange: 0..<bytes.count)]
    }
}
