package import SearchIndex
package import WireMessages
import WireProtocol

/// The query tree's form on the wire, both ways.
extension Query {
    /// Deepest nesting that is accepted from a peer.
    static let maxWireDepth = 64
    /// Nodes that are accepted from a peer in one query; `Query.validate` then bounds its clauses.
    static let maxWireLeaves = 65_536

    /// Reads a tree that a peer sent; refuses empty, too deep and too large ones.
    package init(wire: WireQuery) throws(ItemFailure) {
        var leaves = 0
        self = try Query.decode(wire, depth: 0, leaves: &leaves)
    }

    private static func decode(
        _ wire: WireQuery, depth: Int, leaves: inout Int
    ) throws(ItemFailure) -> Query {
        guard depth < maxWireDepth else {
            throw ItemFailure(.badRequest, "query: nested deeper than \(maxWireDepth) levels")
        }
        leaves += 1
        guard leaves <= maxWireLeaves else {
            throw ItemFailure(.tooLarge, "query: more than \(maxWireLeaves) clauses")
        }
        switch wire.node {
        case .term(let term):
            return .term(
                TermQuery(
                    field: term.field, term: Array(term.term.utf8),
                    boost: try boost(term.hasBoost, term.boost)))
        case .phrase(let phrase):
            return .phrase(try decode(phrase, leaves: &leaves))
        case .boolean(let boolean):
            return .boolean(try decode(boolean, depth: depth, leaves: &leaves))
        case .matchAll(let all):
            return .matchAll(boost: try boost(all.hasBoost, all.boost))
        case .matchNone:
            return .matchNone
        case nil:
            throw ItemFailure(
                .badRequest,
                "query: a node without content; expected one of term, phrase, boolean, "
                    + "match_all, match_none")
        }
    }

    private static func boost(_ isPresent: Bool, _ value: Float) throws(ItemFailure) -> Float {
        guard isPresent else { return 1 }
        guard value.isFinite, value >= 0 else {
            throw ItemFailure(.badRequest, "query: boost \(value) is not a number from 0 up")
        }
        return value
    }

    private static func decode(
        _ wire: WirePhraseQuery, leaves: inout Int
    ) throws(ItemFailure) -> PhraseQuery {
        leaves += wire.terms.count
        let positions = wire.terms.map(\.position)
        guard wire.terms.count >= 2, leaves <= maxWireLeaves,
            zip(positions, positions.dropFirst()).allSatisfy({ $0 <= $1 })
        else {
            throw ItemFailure(
                .badRequest,
                "query: a phrase has 2 to \(maxWireLeaves) terms in the order of their positions")
        }
        return PhraseQuery(
            field: wire.field,
            terms: wire.terms.map { PhraseTerm(term: Array($0.term.utf8), position: $0.position) },
            boost: try boost(wire.hasBoost, wire.boost))
    }

    private static func decode(
        _ wire: WireBooleanQuery, depth: Int, leaves: inout Int
    ) throws(ItemFailure) -> BooleanQuery {
        func each(_ nodes: [WireQuery]) throws(ItemFailure) -> [Query] {
            var queries: [Query] = []
            for node in nodes {
                queries.append(try decode(node, depth: depth + 1, leaves: &leaves))
            }
            return queries
        }
        return BooleanQuery(
            must: try each(wire.must), should: try each(wire.should),
            mustNot: try each(wire.mustNot))
    }

    /// The form that is sent.
    package var wire: WireQuery {
        var wire = WireQuery()
        switch self {
        case .matchAll(let boost):
            wire.matchAll.boost = boost
        case .matchNone:
            wire.matchNone = WireMatchNoneQuery()
        case .term(let query):
            wire.term.field = query.field
            wire.term.term = String(decoding: query.term, as: UTF8.self)
            wire.term.boost = query.boost
        case .phrase(let query):
            wire.phrase.field = query.field
            wire.phrase.boost = query.boost
            wire.phrase.terms = query.terms.map { term in
                var wire = WirePhraseTerm()
                wire.term = String(decoding: term.term, as: UTF8.self)
                wire.position = term.position
                return wire
            }
        case .boolean(let query):
            wire.boolean.must = query.must.map(\.wire)
            wire.boolean.should = query.should.map(\.wire)
            wire.boolean.mustNot = query.mustNot.map(\.wire)
        default: preconditionFailure("no form on the wire for \(self)")
        }
        return wire
    }
}
