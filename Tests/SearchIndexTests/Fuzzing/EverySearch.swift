@testable import SearchIndex

/// Searches of every kind over an index that may be damaged: errors are answers, traps are not.
///
/// Built once from the schema; what it asks for does not depend on the damage.
struct EverySearch {
    /// How much of a ranked answer is asked for.
    enum Extent: CaseIterable {
        /// The ten best without a total, so that all bounds and ranks are used.
        case best
        /// All, counted.
        case all
    }

    /// By relevance.
    var ranked: [Query] = []
    /// By column; each query once for each list of keys.
    var sorted: [(query: Query, keys: [SortKey])] = []
    /// Whether the first hit of each is explained.
    var explains = false
    /// Whether its stored document is read.
    var readsDocuments = false
    /// The fields of which fragments are made.
    var snippetFields: [String]?
    /// Whether the hits behind it are asked for.
    var isPaged = false
    /// How often a search may ask whether to go on: more than any search of a tiny index does, so
    /// that one that goes on for ever ends, and is noticed.
    static let patience = 2_000

    /// Runs all; returns false if a search did not come to an end of its own.
    func run(on index: EmbeddedIndex, _ extents: [Extent] = Extent.allCases) -> Bool {
        let patience = Patience(Self.patience)
        let control = patience.control
        for query in ranked {
            for extent in extents {
                let answer = try? index.search(
                    query, limit: extent == .best ? 10 : 2_000,
                    totals: extent == .best ? .none : .exact, control: control)
                if let hit = answer?.hits.first { look(at: hit, query, index, control) }
            }
        }
        for (query, keys) in sorted {
            _ = try? index.search(query, sort: keys, limit: 5, control: control)
        }
        return !patience.isSpent
    }

    /// Every `count`th of the searches, from `first` on: for tests that run often.
    func part(_ first: Int, of count: Int) -> EverySearch {
        var part = self
        part.ranked = ranked.indices.filter { $0 % count == first % count }.map { ranked[$0] }
        part.sorted = sorted.indices.filter { $0 % count == first % count }.map { sorted[$0] }
        return part
    }

    private func look(
        at hit: ShardHit, _ query: Query, _ index: EmbeddedIndex, _ control: SearchControl
    ) {
        if explains {
            let explanation = try? index.explain(
                query, orderKey: hit.hit.orderKey, control: control)
            _ = explanation?.json
        }
        if readsDocuments { _ = try? index.document(of: hit) }
        if let snippetFields {
            _ = try? index.snippets(of: hit, query: query, fields: snippetFields)
        }
        if isPaged {
            _ = try? index.search(
                query, limit: 2, totals: .upTo(3), after: ScorePlace(hit.hit), control: control)
        }
    }
}

extension EverySearch {
    /// Queries of every kind about a term of a field and its neighbours.
    static func queries(
        field: String, _ term: String, with others: [String], hasPositions: Bool = true
    ) -> [Query] {
        let leaf = Query.term(TermQuery(field: field, term: Array(term.utf8)))
        let rest = others.map { Query.term(TermQuery(field: field, term: Array($0.utf8))) }
        let first = rest.first ?? .matchNone
        var queries: [Query] = [
            leaf,
            .boolean(BooleanQuery(should: [leaf] + rest)),
            .boolean(BooleanQuery(must: [leaf, first])),
            .boolean(
                BooleanQuery(must: [leaf], should: rest, mustNot: Array(rest.suffix(1)))),
            .boolean(BooleanQuery(must: [first], mustNot: [leaf])),
            .boolean(BooleanQuery(must: [first], filter: [leaf])),
            .boolean(BooleanQuery(should: [leaf] + rest, minimumShouldMatch: 2)),
            .disjunctionMax(DisjunctionMaxQuery(queries: [leaf] + rest, tieBreaker: 0.5)),
        ]
        guard hasPositions else { return queries }
        let other = others.first ?? term
        for (words, slop) in [([term, other], 0), ([other, term], 3)] {
            let phrase = Query.phrase(
                PhraseQuery(
                    field: field,
                    terms: words.enumerated().map {
                        PhraseTerm(term: Array($1.utf8), position: UInt32($0))
                    }, slop: UInt32(slop)))
            queries.append(phrase)
            queries.append(.boolean(BooleanQuery(should: [phrase, first])))
        }
        return queries
    }

    /// Queries that walk a field's dictionary, and those about any value.
    static func patterns(field: String, _ term: String) -> [Query] {
        let bytes = Array(term.utf8)
        let patterns: [ExpansionQuery.Pattern] = [
            .prefix(Array(bytes.prefix(1))), .wildcard(Array("?".utf8) + bytes.dropFirst()),
            .regex(bytes.prefix(1) + Array(".*".utf8)),
            .fuzzy(term: bytes, distance: 1, prefixLength: 0, transpositions: true),
        ]
        var queries = patterns.map {
            Query.expansion(ExpansionQuery(field: field, pattern: $0))
        }
        queries.append(.range(range(field, .text(bytes), nil)))
        queries.append(.termSet(TermSetQuery(field: field, values: [.text(bytes)])))
        queries.append(.exists(ExistsQuery(field: field)))
        return queries
    }

    /// A range with a lower end and, if it is given, an upper one.
    static func range(_ field: String, _ lower: FieldValue, _ upper: FieldValue?) -> RangeQuery {
        RangeQuery(
            field: field, lower: RangeBound(value: lower, isInclusive: true),
            upper: upper.map { RangeBound(value: $0, isInclusive: false) })
    }
}
