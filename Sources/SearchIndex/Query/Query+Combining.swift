extension Query {
    /// The combination of queries in its simplest form, or nil when there is none.
    ///
    /// Nested groups of the same kind are spliced in, which changes neither what matches nor the
    /// order of the leaves. A group of exclusions alone means all other documents, scored 0.
    static func combining(
        must: [Query] = [], should: [Query] = [], mustNot: [Query] = []
    ) -> Query? {
        let required = must.flatMap { $0.spliced(\.must) }
        let optional = should.flatMap { $0.spliced(\.should) }
        if required.isEmpty, optional.isEmpty {
            if mustNot.isEmpty { return nil }
            return .boolean(BooleanQuery(must: [.matchAll(boost: 0)], mustNot: mustNot))
        }
        if mustNot.isEmpty {
            if optional.isEmpty, required.count == 1 { return required[0] }
            if required.isEmpty, optional.count == 1 { return optional[0] }
        }
        return .boolean(BooleanQuery(must: required, should: optional, mustNot: mustNot))
    }

    /// The members of a group that has no others than those at `kind`, else the query itself.
    private func spliced(_ kind: KeyPath<BooleanQuery, [Query]>) -> [Query] {
        guard case .boolean(let group) = self, group.mustNot.isEmpty,
            group[keyPath: kind].count == group.must.count + group.should.count
        else { return [self] }
        return group[keyPath: kind]
    }

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
        case .matchAll(let boost): return .matchAll(boost: try product(boost))
        case .matchNone: return .matchNone
        case .term(let term):
            return .term(
                TermQuery(field: term.field, term: term.term, boost: try product(term.boost)))
        case .phrase(let phrase):
            return .phrase(
                PhraseQuery(
                    field: phrase.field, terms: phrase.terms, boost: try product(phrase.boost)))
        case .boolean(let group):
            return .boolean(
                BooleanQuery(
                    must: try each(group.must), should: try each(group.should),
                    mustNot: group.mustNot))
        }
    }
}
