extension SegmentContext {
    /// The list of a term; nil when the segment lacks it.
    func list(
        _ term: TermQuery, leaf: Int, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> TermList? {
        guard let place = place(of: term.field), let entry = try lookup(term.term, place) else {
            return nil
        }
        let weight = BM25.weight(
            boost: term.boost, inverseDocumentFrequency: inverseDocumentFrequency(entry))
        return try list(entry, place, weight: weight, leaf: leaf, bytes)
    }

    /// The lists of a phrase's terms and what else it needs; nil when the segment lacks one.
    func phrase(
        _ phrase: PhraseQuery, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> (lists: [TermList], plan: PhrasePlan)? {
        guard let place = place(of: phrase.field) else { return nil }
        var entries: [TermEntry] = []
        var sum: Float = 0
        for term in phrase.terms {
            guard let entry = try lookup(term.term, place) else { return nil }
            entries.append(entry)
            sum += inverseDocumentFrequency(entry)
        }
        let weight = BM25.weight(boost: phrase.boost, inverseDocumentFrequency: sum)
        let first = phrase.terms.first?.position ?? 0
        let start = segment.fields[place].positions?.range.lowerBound ?? 0
        var lists: [TermList] = []
        var lookups: [PositionLookup] = []
        for (term, entry) in zip(phrase.terms, entries) {
            let list = try list(entry, place, weight: weight, leaf: 0, bytes)
            lists.append(list)
            lookups.append(
                PositionLookup(
                    list, offset: term.position &- first,
                    range: start + entry.positions.lowerBound..<start + entry.positions.upperBound))
        }
        let looseBound = phrase.slop > 0 ? lists.first?.maximum : nil
        if phrase.slop == 0 { lookups.sort { $0.documentFrequency < $1.documentFrequency } }
        return (
            lists,
            PhrasePlan(
                lookups: lookups, counter: PhraseCounter(slop: phrase.slop),
                looseBound: looseBound)
        )
    }

    private func lookup(
        _ term: TermBytes, _ field: Int
    ) throws(ListFailure) -> TermEntry? {
        do { return try segment.fields[field].lookup(term) } catch { throw .search(.index(error)) }
    }

    private func list(
        _ entry: TermEntry, _ place: Int, weight: Float, leaf: Int, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> TermList {
        let field = segment.fields[place]
        do {
            let layout = try PostingsLayout(
                entry, bytes, base: field.postings.range.lowerBound,
                hasPositions: field.hasPositions, documentCount: segment.documentCount)
            return try TermList(
                layout, weight: weight, leaf: leaf, scoring: scoring[place], bytes)
        } catch {
            throw .malformed(error)
        }
    }
}
