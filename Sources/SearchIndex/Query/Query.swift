/// An analysed query: what a document must hold to match, and what that scores.
///
/// The *leaves* of a tree (terms, phrases and match-alls outside `mustNot`) are ordered depth
/// first, of a boolean query `must` before `should`. A document's score is the sum of the
/// contributions of the leaves that match it inside subtrees that match it, added in `Float` in
/// that order, whatever way the document was found.
///
/// Trees of `QueryParser` keep its limits. A tree from elsewhere must pass
/// `validate(schema:limits:)` before it is searched.
public indirect enum Query: Sendable, Hashable {
    /// Every document, each with the score `boost`.
    case matchAll(boost: Float)
    /// No document.
    case matchNone
    /// Documents that hold a term.
    case term(TermQuery)
    /// Documents that hold terms at given relative positions.
    case phrase(PhraseQuery)
    /// A combination of other queries.
    case boolean(BooleanQuery)
}

/// Documents that hold one term in one field.
public struct TermQuery: Sendable, Hashable {
    /// The name of the field.
    public let field: String
    /// The term's bytes, as the field's analyzer makes them.
    public let term: [UInt8]
    /// What the score is multiplied by; finite, not negative.
    public let boost: Float

    /// A query for `term`, which is not analysed again.
    public init(field: String, term: [UInt8], boost: Float = 1) {
        self.field = field
        self.term = term
        self.boost = boost
    }
}

/// One term of a phrase.
public struct PhraseTerm: Sendable, Hashable {
    /// The term's bytes.
    public let term: [UInt8]
    /// The position relative to the phrase's start.
    public let position: UInt32

    /// A term at `position`.
    public init(term: [UInt8], position: UInt32) {
        self.term = term
        self.position = position
    }
}

/// Documents that hold several terms of one text field at fixed distances.
public struct PhraseQuery: Sendable, Hashable {
    /// The name of the field.
    public let field: String
    /// At least two terms, positions ascending; gaps stand for any one term each.
    public let terms: [PhraseTerm]
    /// What the score is multiplied by; finite, not negative.
    public let boost: Float

    /// A query for `terms`.
    public init(field: String, terms: [PhraseTerm], boost: Float = 1) {
        self.field = field
        self.terms = terms
        self.boost = boost
    }
}

/// A combination of queries.
///
/// A document matches when every `must` and no `mustNot` matches it and, if `must` is empty, at
/// least one `should` does. Beside a `must`, a `should` only adds to the score.
public struct BooleanQuery: Sendable, Hashable {
    /// Queries that all have to match; they score.
    public let must: [Query]
    /// Queries that score where they match.
    public let should: [Query]
    /// Queries none of which may match; they never score.
    public let mustNot: [Query]

    /// A combination.
    public init(must: [Query] = [], should: [Query] = [], mustNot: [Query] = []) {
        self.must = must
        self.should = should
        self.mustNot = mustNot
    }
}

/// How clauses that stand side by side are combined.
public enum DefaultOperator: String, Sendable, CaseIterable {
    /// One of them is enough.
    case or
    /// All of them must match.
    case and
}

/// Bounds on the work that one query may ask for.
public struct QueryLimits: Sendable, Hashable {
    /// The most bytes of a query's text.
    public var maximumBytes: Int
    /// The most leaves of a tree, each term of a phrase and those of `mustNot` included.
    public var maximumClauses: Int
    /// The deepest nesting of parentheses, and half the deepest nesting of trees.
    public var maximumDepth: Int

    /// Limits; the defaults serve all but generated queries.
    public init(maximumBytes: Int = 1 << 20, maximumClauses: Int = 1024, maximumDepth: Int = 32) {
        self.maximumBytes = maximumBytes
        self.maximumClauses = maximumClauses
        self.maximumDepth = maximumDepth
    }
}
