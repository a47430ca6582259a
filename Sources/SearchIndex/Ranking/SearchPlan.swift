/// A query compiled for one segment: the tree as an array, its leaves and their terms beside it.
///
/// Node numbers are bitmap slots too. The root is node 0; children have higher numbers than their
/// parent.
struct SearchPlan {
    /// What a node asks for.
    enum Node {
        case none
        case all
        /// The place of a set in `sets`.
        case set(Int)
        /// The place of a term or phrase in `leaves`.
        case leaf(Int)
        case group(Group)
    }

    /// A combination of nodes.
    struct Group {
        /// Nodes that all have to match, rarest first.
        var required: [Int] = []
        /// Nodes that count towards `minimum`, and score.
        var optional: [Int] = []
        /// How many of `optional` have to match; at least 1 if there is nothing required.
        var minimum: Int
        /// Nodes none of which may match.
        var excluded: [Int] = []
    }

    private(set) var nodes: [Node] = []
    /// About how many documents each node matches, for choosing what to look at first.
    private(set) var costs: [Int] = []
    private(set) var leaves: [Leaf] = []
    private(set) var sets: [DocumentSet] = []
    /// The terms of all leaves; they keep their place in the postings from window to window.
    var scanners: [TermScanner] = []
    /// The score of the whole query.
    private(set) var score = ScoreSum(root: 0)

    private let context: SegmentContext

    /// Compiles `query` for a segment; ranges, sets of values and patterns are evaluated at once.
    init(_ query: Query, context: SegmentContext, meter: inout WorkMeter) throws(SearchError) {
        self.context = context
        var sum: ScoreSum? = ScoreSum(root: 0)
        _ = try add(query, under: nil, to: &sum, &meter)
        if let sum { score = sum }
    }

    /// Adds a query as the next node.
    ///
    /// - Parameters:
    ///   - parent: the boolean node above in the same sum, if any.
    ///   - sum: what the query's score belongs to; nil if it does not count.
    private mutating func add(
        _ query: Query, under parent: Int?, to sum: inout ScoreSum?, _ meter: inout WorkMeter
    ) throws(SearchError) -> Int {
        let number = nodes.count
        nodes.append(.none)
        costs.append(0)
        if let part = try fill(number, with: query, under: parent, &sum, &meter) {
            sum?.items.append(ScoreSum.Item(node: number, group: parent ?? number, part: part))
        }
        return number
    }

    /// Makes node `number` what a query asks for.
    ///
    /// - Returns: What it adds to the sum itself; nil of groups, whose members do.
    private mutating func fill(
        _ number: Int, with query: Query, under parent: Int?, _ sum: inout ScoreSum?,
        _ meter: inout WorkMeter
    ) throws(SearchError) -> ScoreSum.Part? {
        switch query {
        case .matchNone: return nil
        case .matchAll(let boost):
            set(number, .all, cost: context.documentCount)
            return .constant(boost)
        case .term(let term): return try addTerm(term, number)
        case .phrase(let phrase): return try addPhrase(phrase, number)
        case .boolean(let group):
            sum?.groups.append(ScoreSum.Group(node: number, parent: parent))
            try addGroup(group, number, &sum, &meter)
            return nil
        case .constantScore(let constant):
            var unscored: ScoreSum?
            _ = try fill(number, with: constant.query, under: nil, &unscored, &meter)
            return .constant(constant.boost)
        case .disjunctionMax(let group): return try addBest(group, number, sum != nil, &meter)
        case .expansion, .range, .termSet, .exists: return try addSet(query, number, &meter)
        case .moreLikeThis: throw .unsupported("more-like-this that was not rewritten")
        }
    }

    private mutating func set(_ number: Int, _ node: Node, cost: Int) {
        nodes[number] = node
        costs[number] = min(cost, context.documentCount)
    }
}

// Leaves.
extension SearchPlan {
    private mutating func addTerm(
        _ query: TermQuery, _ number: Int
    ) throws(SearchError) -> ScoreSum.Part? {
        let terms = [PhraseTerm(term: query.term, position: 0)]
        return try addLeaf(query.field, terms, slop: 0, query.boost, number)
    }

    private mutating func addPhrase(
        _ query: PhraseQuery, _ number: Int
    ) throws(SearchError) -> ScoreSum.Part? {
        try addLeaf(query.field, query.terms, slop: query.slop, query.boost, number)
    }

    /// Adds a leaf; nil when the segment lacks one of its terms.
    private mutating func addLeaf(
        _ field: String, _ terms: [PhraseTerm], slop: UInt32, _ boost: Float, _ number: Int
    ) throws(SearchError) -> ScoreSum.Part? {
        guard let found = try context.scanners(for: terms, field: field) else { return nil }
        let first = terms.first?.position ?? 0
        set(number, .leaf(leaves.count), cost: found.scanners.map(\.documentFrequency).min() ?? 0)
        leaves.append(
            Leaf(
                scanners: scanners.count..<scanners.count + found.scanners.count,
                offsets: terms.map { $0.position &- first }, slop: slop,
                weight: context.weight(
                    boost: boost, inverseDocumentFrequency: found.inverseDocumentFrequency,
                    field: found.field),
                field: found.field))
        scanners += found.scanners
        return .leaf(leaves.count - 1)
    }

    private mutating func addSet(
        _ query: Query, _ number: Int, _ meter: inout WorkMeter
    ) throws(SearchError) -> ScoreSum.Part? {
        guard let found = try context.set(of: query, &meter) else { return nil }
        guard found.documents.count > 0 else { return nil }
        set(number, .set(sets.count), cost: found.documents.count)
        sets.append(found.documents)
        return .constant(found.boost)
    }
}

// Combinations.
extension SearchPlan {
    private mutating func addGroup(
        _ query: BooleanQuery, _ number: Int, _ sum: inout ScoreSum?, _ meter: inout WorkMeter
    ) throws(SearchError) {
        var unscored: ScoreSum?
        let isFree = query.must.isEmpty && query.filter.isEmpty
        let minimum = max(query.minimumShouldMatch, isFree ? 1 : 0)
        var group = Group(minimum: minimum)
        group.required = try addAll(query.must, number, &sum, &meter)
        // What neither scores nor decides need not be looked at.
        if sum != nil || minimum > 0 {
            group.optional = try addAll(query.should, number, &sum, &meter)
        }
        group.required += try addAll(query.filter, number, &unscored, &meter)
        group.excluded = try addAll(query.mustNot, number, &unscored, &meter)
        // Rare ones first: what they rule out need not be looked up in the others.
        group.required.sort { costs[$0] < costs[$1] }
        guard minimum <= group.optional.count else { return }
        set(
            number, .group(group),
            cost: group.required.first.map { costs[$0] } ?? cost(ofAny: group.optional))
    }

    private mutating func addBest(
        _ query: DisjunctionMaxQuery, _ number: Int, _ isScored: Bool, _ meter: inout WorkMeter
    ) throws(SearchError) -> ScoreSum.Part? {
        var sums: [ScoreSum] = []
        var group = Group(minimum: 1)
        for child in query.queries {
            var sum = isScored ? ScoreSum(root: nodes.count) : nil
            group.optional.append(try add(child, under: nil, to: &sum, &meter))
            if let sum { sums.append(sum) }
        }
        set(number, .group(group), cost: cost(ofAny: group.optional))
        return .best(sums, tieBreaker: query.tieBreaker)
    }

    private mutating func addAll(
        _ queries: [Query], _ parent: Int, _ sum: inout ScoreSum?, _ meter: inout WorkMeter
    ) throws(SearchError) -> [Int] {
        var numbers: [Int] = []
        for query in queries {
            numbers.append(try add(query, under: parent, to: &sum, &meter))
        }
        return numbers
    }

    private func cost(ofAny nodes: [Int]) -> Int {
        nodes.reduce(0) { min(context.documentCount, $0 + costs[$1]) }
    }
}
