/// A term of a segment's field as searches need it: looked up, opened and bounded once.
final class KnownTerm: Sendable {
    let term: TermBytes
    let entry: TermEntry
    let layout: PostingsLayout
    /// What its saturated frequency exceeds in no document, under the norms in force.
    let greatest: Float

    init(_ term: TermBytes, _ entry: TermEntry, _ layout: PostingsLayout, greatest: Float) {
        self.term = term
        self.entry = entry
        self.layout = layout
        self.greatest = greatest
    }

    /// Whether it is the term with some bytes.
    func isFor(_ bytes: TermBytes) -> Bool {
        let own = term
        return ShortHash.areEqual(own.span, bytes.span)
    }
}

/// The first few thousand terms that searches asked a field of a segment for: to find a term in the
/// dictionary, open its postings and bound its scores takes longer than to answer many a query.
///
/// Four places are tried for a term; once they are taken, others of the same four are looked up each
/// time. Terms that are asked for often are asked for early, so that nothing is ever displaced, and no
/// lock is needed. Safe to use from any thread.
final class KnownTerms: Sendable {
    private static let wayCount = 4

    private let slots = InlineArray<4096, AtomicOnce<KnownTerm>> { _ in
        AtomicOnce()
    }

    /// A term that was inserted before; nil for others.
    func find(_ term: TermBytes) -> KnownTerm? {
        let first = firstSlot(of: term)
        for way in 0..<Self.wayCount {
            guard let known = slots[first + way].value else { return nil }
            if known.isFor(term) { return known }
        }
        return nil
    }

    /// Keeps a term, if there is room where it belongs.
    func insert(_ known: KnownTerm) {
        let first = firstSlot(of: known.term)
        for way in 0..<Self.wayCount {
            let kept = slots[first + way].set(known)
            if kept === known || kept.isFor(known.term) { return }
        }
    }

    private func firstSlot(of term: TermBytes) -> Int {
        let hash = ShortHash.hash(term.span)
        return (Int(truncatingIfNeeded: hash) & (slots.count / Self.wayCount - 1)) * Self.wayCount
    }
}
