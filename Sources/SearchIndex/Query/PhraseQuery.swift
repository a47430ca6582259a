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

/// Documents that hold several terms of one text field at fixed distances, or near to them.
///
/// A *placing* puts each term at a position where the document holds it. With the first term at
/// position s, term i is expected at s + position(i) - position(0); the displacement of a placing
/// is the sum of |actual - expected| over all terms. The frequency of a phrase is the number of
/// positions s of its first term with a placing whose displacement is at most `slop`; two terms
/// may share a position.
public struct PhraseQuery: Sendable, Hashable {
    /// The name of the field.
    public let field: String
    /// At least two terms, positions ascending; gaps stand for any one term each.
    public let terms: [PhraseTerm]
    /// The largest displacement of a match; 0 for the exact phrase.
    public let slop: UInt32
    /// What the score is multiplied by; finite, not negative.
    public let boost: Float

    /// A query for `terms`.
    public init(field: String, terms: [PhraseTerm], slop: UInt32 = 0, boost: Float = 1) {
        self.field = field
        self.terms = terms
        self.slop = slop
        self.boost = boost
    }
}
