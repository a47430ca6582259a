/// A query compiled for one segment: the tree as an array, its leaves and their terms beside it.
///
/// Node numbers are bitmap slots too. The root is node 0; children have higher numbers than their
/// parent.
struct SearchPlan {
    /// What a node asks for.
    enum Node {
        case none
        case all(boost: Float)
        case leaf(Int)
        case boolean(must: [Int], should: [Int], mustNot: [Int])
    }

    /// A node that takes part in scoring, and the boolean node above it; nil at the root.
    struct Scoring {
        let node: Int
        let parent: Int?
    }

    private(set) var nodes: [Node] = []
    /// About how many documents each node matches, for choosing what to look at first.
    private(set) var costs: [Int] = []
    private(set) var leaves: [Leaf] = []
    /// The terms of all leaves; they keep their place in the postings from window to window.
    var scanners: [TermScanner] = []
    /// Terms, phrases and match-alls that score, in the canonical order.
    private(set) var scoringLeaves: [Scoring] = []
    /// Boolean nodes that score, parents first.
    private(set) var scoringGroups: [Scoring] = []

    /// Compiles `query` for a segment.
    init(_ query: Query, context: SegmentContext) throws(SearchError) {
        _ = try add(query, context, parent: nil, scores: true)
    }

    private mutating func add(
        _ query: Query, _ context: SegmentContext, parent: Int?, scores: Bool
    ) throws(SearchError) -> Int {
        let number = nodes.count
        nodes.append(.none)
        costs.append(0)
        switch query {
        case .matchNone: return number
        case .matchAll(let boost):
            nodes[number] = .all(boost: boost)
            costs[number] = context.documentCount
        case .term(let term):
            let terms = [PhraseTerm(term: term.term, position: 0)]
            guard try addLeaf(term.field, terms, term.boost, number, context) else { return number }
        case .phrase(let phrase) where phrase.slop > 0: throw .unsupported("a sloppy phrase")
        case .phrase(let phrase):
            guard try addLeaf(phrase.field, phrase.terms, phrase.boost, number, context) else {
                return number
            }
        case .boolean(let group):
            if scores { scoringGroups.append(Scoring(node: number, parent: parent)) }
            guard group.filter.isEmpty, group.minimumShouldMatch == 0 else {
                throw .unsupported("a filter or a minimum of optional clauses")
            }
            try addGroup(group, number, context, scores: scores)
            return number
        case .constantScore, .disjunctionMax, .expansion, .range, .termSet, .exists:
            throw .unsupported("this kind of node")
        case .moreLikeThis: throw .unsupported("more-like-this that was not rewritten")
        }
        if scores { scoringLeaves.append(Scoring(node: number, parent: parent)) }
        return number
    }

    /// Adds a leaf; false when the segment lacks one of its terms.
    private mutating func addLeaf(
        _ field: String, _ terms: [PhraseTerm], _ boost: Float, _ number: Int,
        _ context: SegmentContext
    ) throws(SearchError) -> Bool {
        guard let found = try context.scanners(for: terms, field: field) else { return false }
        let first = terms.first?.position ?? 0
        let cost = found.scanners.map(\.documentFrequency).min() ?? 0
        nodes[number] = .leaf(leaves.count)
        costs[number] = cost
        leaves.append(
            Leaf(
                scanners: scanners.count..<scanners.count + found.scanners.count,
                offsets: terms.map { $0.position &- first }, cost: cost,
                weight: BM25.weight(
                    boost: boost, inverseDocumentFrequency: found.inverseDocumentFrequency),
                field: found.field))
        scanners += found.scanners
        return true
    }

    private mutating func addGroup(
        _ group: BooleanQuery, _ number: Int, _ context: SegmentContext, scores: Bool
    ) throws(SearchError) {
        let must = try addAll(group.must, number, context, scores: scores)
        let should = try addAll(group.should, number, context, scores: scores)
        let mustNot = try addAll(group.mustNot, number, context, scores: false)
        // Rare ones first: what they rule out need not be looked up in the others.
        let ordered = must.sorted { costs[$0] < costs[$1] }
        nodes[number] = .boolean(must: ordered, should: should, mustNot: mustNot)
        costs[number] =
            ordered.first.map { costs[$0] }
            ?? should.reduce(0) { min(context.documentCount, $0 + costs[$1]) }
    }

    private mutating func addAll(
        _ queries: [Query], _ parent: Int, _ context: SegmentContext, scores: Bool
    ) throws(SearchError) -> [Int] {
        var numbers: [Int] = []
        for query in queries {
            numbers.append(try add(query, context, parent: parent, scores: scores))
        }
        return numbers
    }
}
