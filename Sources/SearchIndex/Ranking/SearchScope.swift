/// What one search of a shard finds out before it looks at segments: the terms of its patterns.
struct SearchScope: Sendable {
    /// The scope of a search without patterns.
    static let empty = SearchScope()

    private var expansions: [ExpansionQuery: TermExpansion] = [:]
    /// The first pattern that stands for more terms than are searched; nil without any.
    private(set) var cut: PatternCut?

    private init() {}

    /// Whether nothing was found out.
    var isEmpty: Bool { expansions.isEmpty }

    /// Looks up the terms of all patterns of a query.
    ///
    /// - Parameter segments: of the whole shard, in its order.
    /// - Throws: `tooManyTerms` and `pattern` as `ExpansionQuery.expansion` does;
    ///   `tooManyExcludedTerms` where a pattern would be cut that leaves documents out.
    init(
        _ query: Query, in segments: [SegmentReader], limits: ExpansionLimits,
        meter: inout WorkMeter
    ) throws(SearchError) {
        try add(query, segments, limits, excludes: false, &meter)
    }

    /// The entries of a pattern's terms in a segment, in byte order.
    func entries(of query: ExpansionQuery, segment number: Int) -> [TermEntry] {
        expansions[query]?.entries[number] ?? []
    }

    /// Whether a pattern stands for more terms than are searched.
    func isCut(_ query: ExpansionQuery) -> Bool { expansions[query]?.isCut ?? false }

    /// - Parameter excludes: whether a document is left out that the query matches.
    private mutating func add(
        _ query: Query, _ segments: [SegmentReader], _ limits: ExpansionLimits, excludes: Bool,
        _ meter: inout WorkMeter
    ) throws(SearchError) {
        switch query {
        case .expansion(let expansion):
            try add(expansion, segments, limits, excludes: excludes, &meter)
        case .boolean(let group):
            try add(group.must, segments, limits, excludes: excludes, &meter)
            try add(group.should, segments, limits, excludes: excludes, &meter)
            try add(group.mustNot, segments, limits, excludes: !excludes, &meter)
            try add(group.filter, segments, limits, excludes: excludes, &meter)
        case .disjunctionMax(let group):
            try add(group.queries, segments, limits, excludes: excludes, &meter)
        case .constantScore(let constant):
            try add(constant.query, segments, limits, excludes: excludes, &meter)
        case .matchAll, .matchNone, .term, .phrase, .range, .termSet, .exists, .moreLikeThis: return
        }
    }

    private mutating func add(
        _ queries: [Query], _ segments: [SegmentReader], _ limits: ExpansionLimits, excludes: Bool,
        _ meter: inout WorkMeter
    ) throws(SearchError) {
        for query in queries { try add(query, segments, limits, excludes: excludes, &meter) }
    }

    private mutating func add(
        _ query: ExpansionQuery, _ segments: [SegmentReader], _ limits: ExpansionLimits,
        excludes: Bool, _ meter: inout WorkMeter
    ) throws(SearchError) {
        let known = expansions[query]
        let found =
            if let known { known } else {
                try expansion(of: query, segments, limits, excludes: excludes, &meter)
            }
        guard !found.isCut || !excludes else {
            throw .tooManyExcludedTerms(field: query.field, limit: limits.maximumTerms)
        }
        guard known == nil else { return }
        expansions[query] = found
        guard found.isCut else { return }
        if cut == nil {
            cut = PatternCut(query, termCount: limits.maximumTerms)
        } else {
            cut?.otherCount += 1
        }
    }

    /// The terms of a pattern. Where one that leaves documents out has too many the error does not advise
    /// to search leniently, which would not help.
    private func expansion(
        of query: ExpansionQuery, _ segments: [SegmentReader], _ limits: ExpansionLimits,
        excludes: Bool, _ meter: inout WorkMeter
    ) throws(SearchError) -> TermExpansion {
        do throws(SearchError) {
            return try query.expansion(in: segments, meter: &meter, limits: limits)
        } catch {
            guard excludes, case .tooManyTerms(let field, let limit) = error else { throw error }
            throw .tooManyExcludedTerms(field: field, limit: limit)
        }
    }
}
