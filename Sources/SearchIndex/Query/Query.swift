/// An analysed query: what a document must hold to match, and what that scores.
///
/// The *leaves* of a tree (all nodes but boolean ones, outside `mustNot` and `filter`) are ordered
/// depth first, of a boolean query `must` before `should`. A document's score is the sum of the
/// contributions of the leaves that match it inside subtrees that match it, added in `Float` in
/// that order, whatever way the document was found. A `constantScore` or `disjunctionMax` counts
/// as one leaf: what it holds is scored first, by itself.
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
    /// Documents that hold terms at given relative positions, or near to them.
    case phrase(PhraseQuery)
    /// A combination of other queries.
    case boolean(BooleanQuery)
    /// What another query matches, all with one score.
    case constantScore(ConstantScoreQuery)
    /// What any of several queries matches, scored by the best of them.
    case disjunctionMax(DisjunctionMaxQuery)
    /// Documents that hold any term of a pattern.
    case expansion(ExpansionQuery)
    /// Documents with a value between two bounds.
    case range(RangeQuery)
    /// Documents with any of several values.
    case termSet(TermSetQuery)
    /// Documents with any value in a field.
    case exists(ExistsQuery)
    /// Documents with the most telling words of a text; rewritten into terms before a search.
    case moreLikeThis(MoreLikeThisQuery)
}
