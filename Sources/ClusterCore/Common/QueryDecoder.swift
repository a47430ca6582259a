package import SearchIndex
package import WireMessages
import WireProtocol

/// Reading the query tree's form on the wire.
extension Query {
    /// Deepest nesting that is accepted from a peer: no text gives a deeper tree (`QueryLimits`), and
    /// `ProtocolLimits.maxNesting` leaves two messages for each level.
    static let maxWireDepth = 68
    /// Nodes that are accepted from a peer in one query; `Query.validate` then bounds its clauses.
    static let maxWireLeaves = 65_536

    /// Reads a tree that a peer sent; refuses empty, too deep and too large ones.
    package init(wire: WireQuery) throws(ItemFailure) {
        var decoder = QueryDecoder()
        self = try decoder.decode(wire, depth: 0)
    }
}

/// One walk over a tree from the wire; recursion is bounded by `Query.maxWireDepth`.
private struct QueryDecoder {
    private var leaves = 0

    mutating func decode(_ wire: WireQuery, depth: Int) throws(ItemFailure) -> Query {
        guard depth < Query.maxWireDepth else {
            throw Self.refusal("nested deeper than \(Query.maxWireDepth) levels")
        }
        try count(1)
        switch wire.node {
        case .boolean(let node): return .boolean(try decode(node, depth: depth))
        case .constantScore(let node):
            return .constantScore(
                ConstantScoreQuery(
                    query: try decode(node.query, depth: depth + 1),
                    boost: try Self.boost(node.hasBoost, node.boost)))
        case .disjunctionMax(let node):
            guard node.tieBreaker >= 0, node.tieBreaker <= 1 else {
                throw Self.refusal("tie_breaker \(node.tieBreaker) is not a number from 0 to 1")
            }
            return .disjunctionMax(
                DisjunctionMaxQuery(
                    queries: try each(node.queries, depth), tieBreaker: node.tieBreaker))
        case .phrase(let node): return .phrase(try decode(node))
        case .termSet(let node): return .termSet(try decode(node))
        case .moreLikeThis(let node): return .moreLikeThis(try Self.decode(node))
        case nil:
            throw Self.refusal(
                "a node without content; expected one of term, phrase, boolean, match_all, "
                    + "match_none, constant_score, disjunction_max, expansion, range, term_set, "
                    + "exists, more_like_this")
        case .some(let node): return try Self.decode(leaf: node)
        }
    }

    private mutating func each(
        _ nodes: [WireQuery], _ depth: Int
    ) throws(ItemFailure) -> [Query] {
        var queries: [Query] = []
        for node in nodes { queries.append(try decode(node, depth: depth + 1)) }
        return queries
    }

    private mutating func decode(
        _ wire: WireBooleanQuery, depth: Int
    ) throws(ItemFailure) -> BooleanQuery {
        BooleanQuery(
            must: try each(wire.must, depth), should: try each(wire.should, depth),
            mustNot: try each(wire.mustNot, depth), filter: try each(wire.filter, depth),
            minimumShouldMatch: Int(wire.minimumShouldMatch))
    }

    private mutating func decode(_ wire: WirePhraseQuery) throws(ItemFailure) -> PhraseQuery {
        try count(wire.terms.count)
        let positions = wire.terms.map(\.position)
        guard wire.terms.count >= 2,
            zip(positions, positions.dropFirst()).allSatisfy({ $0 <= $1 })
        else {
            throw Self.refusal(
                "a phrase has 2 to \(Query.maxWireLeaves) terms in the order of their positions")
        }
        return PhraseQuery(
            field: wire.field,
            terms: wire.terms.map { PhraseTerm(term: Array($0.term.utf8), position: $0.position) },
            slop: wire.slop, boost: try Self.boost(wire.hasBoost, wire.boost))
    }

    private mutating func decode(_ wire: WireTermSetQuery) throws(ItemFailure) -> TermSetQuery {
        try count(wire.values.count)
        var values: [FieldValue] = []
        for value in wire.values { values.append(try FieldValue(wire: value)) }
        return TermSetQuery(
            field: wire.field, values: values, boost: try Self.boost(wire.hasBoost, wire.boost))
    }

    private mutating func count(_ number: Int) throws(ItemFailure) {
        leaves += number
        guard leaves <= Query.maxWireLeaves else {
            throw ItemFailure(.tooLarge, "query: more than \(Query.maxWireLeaves) clauses")
        }
    }

    static func refusal(_ message: String) -> ItemFailure {
        ItemFailure(.badRequest, "query: " + message)
    }

    static func boost(_ isPresent: Bool, _ value: Float) throws(ItemFailure) -> Float {
        guard isPresent else { return 1 }
        guard value.isFinite, value >= 0 else {
            throw refusal("boost \(value) is not a number from 0 up")
        }
        return value
    }
}

// Nodes without others below them.
extension QueryDecoder {
    private static func decode(leaf: WireQuery.OneOf_Node) throws(ItemFailure) -> Query {
        switch leaf {
        case .matchAll(let node): return .matchAll(boost: try boost(node.hasBoost, node.boost))
        case .term(let node):
            return .term(
                TermQuery(
                    field: node.field, term: Array(node.term.utf8),
                    boost: try boost(node.hasBoost, node.boost)))
        case .expansion(let node):
            return .expansion(
                ExpansionQuery(
                    field: node.field, pattern: try pattern(node.pattern),
                    boost: try boost(node.hasBoost, node.boost)))
        case .range(let node):
            return .range(
                RangeQuery(
                    field: node.field, lower: try bound(node.hasLower, node.lower),
                    upper: try bound(node.hasUpper, node.upper),
                    boost: try boost(node.hasBoost, node.boost)))
        case .exists(let node):
            return .exists(
                ExistsQuery(field: node.field, boost: try boost(node.hasBoost, node.boost)))
        case .matchNone, .phrase, .boolean, .constantScore, .disjunctionMax, .termSet,
            .moreLikeThis:
            return .matchNone
        }
    }

    private static func bound(
        _ isPresent: Bool, _ wire: WireRangeBound
    ) throws(ItemFailure) -> RangeBound? {
        guard isPresent else { return nil }
        return RangeBound(value: try FieldValue(wire: wire.value), isInclusive: !wire.isExclusive)
    }

    private static func pattern(
        _ wire: WireExpansionQuery.OneOf_Pattern?
    ) throws(ItemFailure) -> ExpansionQuery.Pattern {
        switch wire {
        case .prefix(let text): return .prefix(Array(text.utf8))
        case .wildcard(let text): return .wildcard(Array(text.utf8))
        case .regex(let text): return .regex(Array(text.utf8))
        case .fuzzy(let fuzzy):
            return .fuzzy(
                term: Array(fuzzy.term.utf8), distance: Int(fuzzy.distance),
                prefixLength: Int(fuzzy.prefixLength),
                transpositions: fuzzy.hasTranspositions ? fuzzy.transpositions : true)
        case nil:
            throw refusal(
                "an expansion without a pattern; expected one of prefix, wildcard, regex, fuzzy")
        }
    }

    private static func decode(
        _ wire: WireMoreLikeThisQuery
    ) throws(ItemFailure) -> MoreLikeThisQuery {
        let like: MoreLikeThisQuery.Source
        switch wire.like {
        case .text(let text): like = .text(Array(text.utf8))
        case .documentID(let id): like = .document(id: Array(id.utf8))
        case nil: throw refusal("more_like_this without text or document_id")
        }
        var query = MoreLikeThisQuery(like: like, fields: wire.fields)
        if wire.hasMaximumQueryTerms { query.maximumQueryTerms = Int(wire.maximumQueryTerms) }
        if wire.hasMinimumTermFrequency {
            query.minimumTermFrequency = Int(wire.minimumTermFrequency)
        }
        if wire.hasMinimumDocumentFrequency {
            query.minimumDocumentFrequency = Int(wire.minimumDocumentFrequency)
        }
        if wire.hasMaximumDocumentFrequency {
            query.maximumDocumentFrequency = wire.maximumDocumentFrequency
        }
        if wire.hasMinimumShouldMatch { query.minimumShouldMatch = Int(wire.minimumShouldMatch) }
        query.boost = try boost(wire.hasBoost, wire.boost)
        return query
    }
}

extension FieldValue {
    /// Reads a value that a peer sent; `Query.validate` compares it with its field.
    init(wire: WireFieldValue) throws(ItemFailure) {
        switch wire.value {
        case .text(let text): self = .text(Array(text.utf8))
        case .integer(let value): self = .integer(value)
        case .double(let value):
            if value.isNaN { throw QueryDecoder.refusal("a value that is not a number") }
            self = .double(value)
        case .bool(let value): self = .bool(value)
        case .date(let value): self = .date(value)
        case nil:
            throw QueryDecoder.refusal(
                "a value without content; expected one of text, integer, double, bool, date")
        }
    }
}
