extension Query {
    /// The query with the boost of every leaf multiplied by `factor`.
    ///
    /// - Throws: `badBoost` when a product is above `Field.maximumWeight` squared.
    func boosted(by factor: Float, at byteOffset: Int) throws(QueryError) -> Query {
        func product(_ boost: Float) throws(QueryError) -> Float {
            let product = boost * factor
            guard product <= Field.maximumWeight * Field.maximumWeight else {
                throw QueryError(byteOffset: byteOffset, reason: .badBoost)
            }
            return product
        }
        func each(_ queries: [Query]) throws(QueryError) -> [Query] {
            var result: [Query] = []
            for query in queries {
                result.append(try query.boosted(by: factor, at: byteOffset))
            }
            return result
        }
        switch self {
        case .matchNone: return .matchNone
        case .boolean(let group):
            return .boolean(
                BooleanQuery(
                    must: try each(group.must), should: try each(group.should),
                    mustNot: group.mustNot, filter: group.filter,
                    minimumShouldMatch: group.minimumShouldMatch))
        case .disjunctionMax(let group):
            return .disjunctionMax(
                DisjunctionMaxQuery(
                    queries: try each(group.queries), tieBreaker: group.tieBreaker))
        default: return withBoost(try product(boost))
        }
    }

    /// The boost of a leaf; 1 for nodes that have none of their own.
    private var boost: Float {
        switch self {
        case .matchAll(let boost): boost
        case .term(let query): query.boost
        case .phrase(let query): query.boost
        case .constantScore(let query): query.boost
        case .expansion(let query): query.boost
        case .range(let query): query.boost
        case .termSet(let query): query.boost
        case .exists(let query): query.boost
        case .moreLikeThis(let query): query.boost
        case .matchNone, .boolean, .disjunctionMax: 1
        }
    }

    /// The leaf with another boost; nodes that have none of their own stay.
    private func withBoost(_ boost: Float) -> Query {
        switch self {
        case .matchAll: return .matchAll(boost: boost)
        case .term(let query):
            return .term(TermQuery(field: query.field, term: query.term, boost: boost))
        case .phrase(let query):
            return .phrase(
                PhraseQuery(
                    field: query.field, terms: query.terms, slop: query.slop, boost: boost))
        case .constantScore(let query):
            return .constantScore(ConstantScoreQuery(query: query.query, boost: boost))
        case .expansion(let query):
            return .expansion(
                ExpansionQuery(field: query.field, pattern: query.pattern, boost: boost))
        case .range(let query):
            return .range(
                RangeQuery(
                    field: query.field, lower: query.lower, upper: query.upper, boost: boost))
        case .termSet(let query):
            return .termSet(TermSetQuery(field: query.field, values: query.values, boost: boost))
        case .exists(let query): return .exists(ExistsQuery(field: query.field, boost: boost))
        case .moreLikeThis(var query):
            query.boost = boost
            return .moreLikeThis(query)
        case .matchNone, .boolean, .disjunctionMax: return self
        }
    }
}
