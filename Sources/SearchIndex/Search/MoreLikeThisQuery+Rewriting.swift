extension MoreLikeThisQuery {
    /// The boolean query of plain terms that stands for this one.
    ///
    /// Of the terms within the bounds, those with the highest tf * idf are taken, tf counted in the
    /// source's field and idf as BM25 has it; equal ones in the order of the fields, then of their
    /// bytes. They stand in the query in that order. The rule is that of Lucene's MoreLikeThis.
    ///
    /// - Parameters:
    ///   - source: the text of each field, one after the other for several values.
    ///   - documents: of the whole index.
    ///   - documentFrequency: how many documents of the whole index hold a term of a field.
    /// - Returns: `matchNone` when no term is within the bounds.
    func rewritten(
        source: [(field: Field, text: [UInt8])], documents: UInt64,
        documentFrequency: (Field, [UInt8]) throws(SearchError) -> UInt64
    ) throws(SearchError) -> Query {
        var candidates: [Candidate] = []
        for (order, counted) in Self.counted(source).enumerated() {
            for (term, frequency) in counted.terms where frequency >= minimumTermFrequency {
                let holders = try documentFrequency(counted.field, term)
                // What nobody holds finds nothing.
                guard holders >= max(1, UInt64(clamping: minimumDocumentFrequency)),
                    holders <= maximumDocumentFrequency
                else { continue }
                let idf = BM25.inverseDocumentFrequency(documents: documents, frequency: holders)
                candidates.append(
                    Candidate(
                        weight: Float(frequency) * idf, fieldOrder: order,
                        field: counted.field.name, term: term))
            }
        }
        let chosen = candidates.sorted().prefix(maximumQueryTerms)
        if chosen.isEmpty { return .matchNone }
        let terms = chosen.map {
            Query.term(TermQuery(field: $0.field, term: $0.term, boost: boost))
        }
        let least = min(minimumShouldMatch, terms.count)
        return .boolean(
            BooleanQuery(should: terms, minimumShouldMatch: least > 1 ? least : 0))
    }

    /// A term that may become part of the query.
    private struct Candidate: Comparable {
        let weight: Float
        let fieldOrder: Int
        let field: String
        let term: [UInt8]

        /// Whether `left` is taken before `right`.
        static func < (left: Candidate, right: Candidate) -> Bool {
            if left.weight != right.weight { return left.weight > right.weight }
            if left.fieldOrder != right.fieldOrder { return left.fieldOrder < right.fieldOrder }
            return BytesOrder.compare(left.term.span, right.term.span) < 0
        }
    }

    /// The terms of each field of the source with how often they stand in it.
    private static func counted(
        _ source: [(field: Field, text: [UInt8])]
    ) -> [(field: Field, terms: [[UInt8]: Int])] {
        var counted: [(field: Field, terms: [[UInt8]: Int])] = []
        for (field, text) in source {
            let place = counted.firstIndex { $0.field.name == field.name } ?? counted.count
            if place == counted.count { counted.append((field, [:])) }
            let terms =
                field.kind == .text ? field.analyzer.tokens(of: text.span).map(\.term) : [text]
            for term in terms { counted[place].terms[term, default: 0] += 1 }
        }
        return counted
    }
}
