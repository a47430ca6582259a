/// Scores one document by looking at each node of a query, and says how.
///
/// Slow and obvious: no windows, bounds or heaps. What it shares with the search are the lists, the
/// sets of documents and the formulas of `BM25`, so that numbers are the same bit for bit.
struct DocumentExplainer {
    let shard: ShardReader
    let segment: SegmentReader
    let document: DocumentNumber
    let norms: NormTables
    /// The terms of the query's patterns, as the search takes them.
    let scope: SearchScope
    let limits: ExpansionLimits
    var meter: WorkMeter

    /// What a node gives: its explanation, and the scores of the leaves below that match, in the
    /// canonical order; nil when the document does not match.
    struct Result {
        let explanation: Explanation
        let contributions: [Float]?

        /// The document does not match.
        static func noMatch(_ description: String, _ children: [Explanation] = []) -> Result {
            Result(
                explanation: Explanation(.noMatch, description, children), contributions: nil)
        }

        /// A leaf of the canonical order.
        static func leaf(
            _ score: Float, _ description: String, _ children: [Explanation] = []
        ) -> Result {
            Result(
                explanation: Explanation(.score(score), description, children),
                contributions: [score])
        }
    }

    /// Explains a query; recursion is as deep as its tree, which validation bounds.
    mutating func explain(_ query: Query) throws(SearchError) -> Result {
        try meter.spend(1)
        switch query {
        case .matchAll(let boost): return .leaf(boost, "every document, boost")
        case .matchNone: return .noMatch("a query that no document matches")
        case .term(let term): return try explain(term)
        case .phrase(let phrase): return try explain(phrase)
        case .boolean(let group): return try explain(group)
        case .constantScore(let query): return try explain(query)
        case .disjunctionMax(let group): return try explain(group)
        case .expansion, .range, .termSet, .exists: return try explainSet(query)
        case .moreLikeThis: throw .unsupported("more-like-this that was not rewritten")
        }
    }
}

// Nodes that hold others.
extension DocumentExplainer {
    private mutating func explain(_ group: BooleanQuery) throws(SearchError) -> Result {
        var children: [Explanation] = []
        var contributions: [Float] = []
        var failures: [String] = []
        for query in group.must {
            let result = try explain(query)
            children.append(result.explanation.labelled("must"))
            contributions += result.contributions ?? []
            if result.contributions == nil { failures.append("a required clause does not match") }
        }
        var matching = 0
        for query in group.should {
            let result = try explain(query)
            children.append(result.explanation.labelled("should"))
            contributions += result.contributions ?? []
            if result.contributions != nil { matching += 1 }
        }
        for query in group.filter {
            let result = try explain(query)
            children.append(result.explanation.labelled("filter, adds no score"))
            if result.contributions == nil { failures.append("a filter does not match") }
        }
        for query in group.mustNot {
            let result = try explain(query)
            children.append(result.explanation.labelled("must not"))
            if result.contributions != nil { failures.append("an excluded clause matches") }
        }
        if matching < group.requiredShould {
            failures.append(
                "\(matching) of at least \(group.requiredShould) optional clauses match")
        }
        if let failure = failures.first {
            return .noMatch("a group whose conditions fail: \(failure)", children)
        }
        let sum = Self.sum(contributions)
        let count = contributions.count
        return Result(
            explanation: Explanation(
                .score(sum),
                "sum of the scores of \(count) matching \(count == 1 ? "leaf" : "leaves"), "
                    + "required before optional, depth first", children),
            contributions: contributions)
    }

    private mutating func explain(_ query: ConstantScoreQuery) throws(SearchError) -> Result {
        let inner = try explain(query.query)
        guard inner.contributions != nil else {
            return .noMatch("a constant score whose query does not match", [inner.explanation])
        }
        return .leaf(
            query.boost, "constant score, boost", [inner.explanation.labelled("adds no score")])
    }

    private mutating func explain(_ group: DisjunctionMaxQuery) throws(SearchError) -> Result {
        var children: [Explanation] = []
        var scores: [Float] = []
        for query in group.queries {
            let result = try explain(query)
            children.append(result.explanation)
            if let contributions = result.contributions { scores.append(Self.sum(contributions)) }
        }
        guard let highest = scores.max(), let best = scores.firstIndex(of: highest) else {
            return .noMatch("a best-of group of which no clause matches", children)
        }
        scores.remove(at: best)
        let score = highest + group.tieBreaker * Self.sum(scores)
        return .leaf(
            score,
            "best score \(highest) + tie breaker \(group.tieBreaker) * sum of the \(scores.count) "
                + "others", children)
    }

    /// The sum in the given order, as the canonical score has it.
    static func sum(_ scores: [Float]) -> Float { scores.reduce(0, +) }
}

extension BooleanQuery {
    /// How many of `should` have to match.
    var requiredShould: Int {
        if minimumShouldMatch > 0 { return minimumShouldMatch }
        return must.isEmpty && filter.isEmpty ? 1 : 0
    }
}
