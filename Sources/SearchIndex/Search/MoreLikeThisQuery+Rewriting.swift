extension MoreLikeThisQuery {
    /// The terms of a source that one shard holds and that are within the bounds, the most telling
    /// ones first, no more than the query may have.
    ///
    /// tf is counted in the source's field, idf as BM25 has it.
    ///
    /// - Parameters:
    ///   - source: the text of each field, one after the other for several values.
    ///   - documents: of the whole index.
    ///   - documentFrequency: how many documents of the whole index hold a term of a field; 0 for
    ///     a term that the shard does not hold.
    func terms(
        of source: [(field: Field, text: [UInt8])], documents: UInt64,
        documentFrequency: (Field, [UInt8]) throws(SearchError) -> UInt64
    ) throws(SearchError) -> [LikeTerm] {
        var terms: [LikeTerm] = []
        for (order, counted) in Self.counted(source).enumerated() {
            for (term, frequency) in counted.terms where frequency >= minimumTermFrequency {
                let holders = try documentFrequency(counted.field, term)
                // What nobody holds finds nothing.
                guard holders >= max(1, UInt64(clamping: minimumDocumentFrequency)),
                    holders <= maximumDocumentFrequency
                else { continue }
                let idf = BM25.inverseDocumentFrequency(documents: documents, frequency: holders)
                terms.append(
                    LikeTerm(
                        field: counted.field.name, fieldOrder: UInt32(order), term: term,
                        weight: Float(frequency) * idf))
            }
        }
        return Array(terms.sorted().prefix(maximumQueryTerms))
    }

    /// The boolean query of plain terms that stands for this one.
    ///
    /// Of the terms within the bounds, those with the highest tf * idf are taken; equal ones in the
    /// order of the fields, then of their bytes. They stand in the query in that order. The rule is
    /// that of Lucene's MoreLikeThis.
    ///
    /// - Parameter terms: what `terms` gave in every shard that may hold some of the source's; a
    ///   term that several hold counts once.
    /// - Returns: `matchNone` without any.
    package func query(of terms: [LikeTerm]) -> Query {
        var chosen: [LikeTerm] = []
        for term in terms.sorted() where chosen.last != term && chosen.count < maximumQueryTerms {
            chosen.append(term)
        }
        if chosen.isEmpty { return .matchNone }
        let queries = chosen.map {
            Query.term(TermQuery(field: $0.field, term: $0.term, boost: boost))
        }
        let least = min(minimumShouldMatch, queries.count)
        return .boolean(
            BooleanQuery(should: queries, minimumShouldMatch: least > 1 ? least : 0))
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
