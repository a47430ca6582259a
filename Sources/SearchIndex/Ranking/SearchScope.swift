/// What one search of a shard finds out before it looks at segments: the terms of its patterns.
struct SearchScope: Sendable {
    /// The scope of a search without patterns.
    static let empty = SearchScope()

    private var expansions: [ExpansionQuery: TermExpansion] = [:]
    /// Whether a pattern stands for more terms than are searched.
    private(set) var isCut = false

    private init() {}

    /// Whether nothing was found out.
    var isEmpty: Bool { expansions.isEmpty }

    /// Looks up the terms of all patterns of a query.
    ///
    /// - Parameter segments: of the whole shard, in its order.
    /// - Throws: `tooManyTerms` and `pattern` as `ExpansionQuery.expansion` does.
    init(
        _ query: Query, in segments: [SegmentReader], limits: ExpansionLimits,
        meter: inout WorkMeter
    ) throws(SearchError) {
        try add(query, segments, limits, &meter)
    }

    /// The entries of a pattern's terms in a segment, in byte order.
    func entries(of query: ExpansionQuery, segment number: Int) -> [TermEntry] {
        expansions[query]?.entries[number] ?? []
    }

    private mutating func add(
        _ query: Query, _ segments: [SegmentReader], _ limits: ExpansionLimits,
        _ meter: inout WorkMeter
    ) throws(SearchError) {
        switch query {
        case .expansion(let expansion):
            if expansions[expansion] != nil { return }
            let found = try expansion.expansion(in: segments, meter: &meter, limits: limits)
            expansions[expansion] = found
            if found.isCut { isCut = true }
        case .boolean(let group):
            for query in group.must { try add(query, segments, limits, &meter) }
            for query in group.should { try add(query, segments, limits, &meter) }
            for query in group.mustNot { try add(query, segments, limits, &meter) }
            for query in group.filter { try add(query, segments, limits, &meter) }
        case .disjunctionMax(let group):
            for query in group.queries { try add(query, segments, limits, &meter) }
        case .constantScore(let constant): try add(constant.query, segments, limits, &meter)
        case .matchAll, .matchNone, .term, .phrase, .range, .termSet, .exists, .moreLikeThis: return
        }
    }
}
