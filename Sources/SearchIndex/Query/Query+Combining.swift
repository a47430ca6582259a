extension Query {
    /// The combination of queries in its simplest form, or nil when there is none.
    ///
    /// Nested groups of the same kind are spliced in, which changes neither what matches nor the
    /// order of the leaves. A group of exclusions alone means all other documents, scored 0.
    static func combining(
        must: [Query] = [], should: [Query] = [], mustNot: [Query] = []
    ) -> Query? {
        if must.isEmpty, mustNot.isEmpty, should.count == 1 { return should[0] }
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
        guard case .boolean(let group) = self, group.mustNot.isEmpty, group.filter.isEmpty,
            group.minimumShouldMatch == 0,
            group[keyPath: kind].count == group.must.count + group.should.count
        else { return [self] }
        return group[keyPath: kind]
    }
}
