extension Query {
    /// Whether a more-like-this node stands anywhere in the tree.
    ///
    /// Recursion is as deep as the tree, which `validate(schema:limits:)` bounds.
    package var hasMoreLikeThis: Bool {
        switch self {
        case .moreLikeThis: true
        case .boolean(let group):
            group.must.contains { $0.hasMoreLikeThis }
                || group.should.contains { $0.hasMoreLikeThis }
                || group.mustNot.contains { $0.hasMoreLikeThis }
                || group.filter.contains { $0.hasMoreLikeThis }
        case .disjunctionMax(let group): group.queries.contains { $0.hasMoreLikeThis }
        case .constantScore(let query): query.query.hasMoreLikeThis
        case .matchAll, .matchNone, .term, .phrase, .expansion, .range, .termSet, .exists: false
        }
    }

    /// The more-like-this nodes, in the order in which `replacingMoreLikeThis` gives them.
    package var moreLikeThisNodes: [MoreLikeThisQuery] {
        var nodes: [MoreLikeThisQuery] = []
        _ = replacingMoreLikeThis { (node) throws(Never) in
            nodes.append(node)
            return .matchNone
        }
        return nodes
    }

    /// The query with every more-like-this node replaced by what `body` gives for it.
    ///
    /// Recursion is as deep as the tree, which `validate(schema:limits:)` bounds.
    package func replacingMoreLikeThis<Failure: Error>(
        _ body: (MoreLikeThisQuery) throws(Failure) -> Query
    ) throws(Failure) -> Query {
        func each(_ queries: [Query]) throws(Failure) -> [Query] {
            var result: [Query] = []
            for query in queries { result.append(try query.replacingMoreLikeThis(body)) }
            return result
        }
        switch self {
        case .moreLikeThis(let query): return try body(query)
        case .boolean(let group):
            return .boolean(
                BooleanQuery(
                    must: try each(group.must), should: try each(group.should),
                    mustNot: try each(group.mustNot), filter: try each(group.filter),
                    minimumShouldMatch: group.minimumShouldMatch))
        case .disjunctionMax(let group):
            return .disjunctionMax(
                DisjunctionMaxQuery(
                    queries: try each(group.queries), tieBreaker: group.tieBreaker))
        case .constantScore(let query):
            return .constantScore(
                ConstantScoreQuery(
                    query: try query.query.replacingMoreLikeThis(body), boost: query.boost))
        case .matchAll, .matchNone, .term, .phrase, .expansion, .range, .termSet, .exists:
            return self
        }
    }
}
