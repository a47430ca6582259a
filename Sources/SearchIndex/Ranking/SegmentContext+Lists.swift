extension SegmentContext {
    /// The list of a term; nil when the segment lacks it.
    func list(
        _ term: TermQuery, leaf: Int, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> TermList? {
        guard let place = place(of: term.field), let entry = try lookup(term.term, place) else {
            return nil
        }
        let weight = weight(
            boost: term.boost, inverseDocumentFrequency: inverseDocumentFrequency(entry),
            field: place)
        return try list(entry, place, weight: weight, leaf: leaf, bytes)
    }

    /// The lists of a phrase's terms and what else it needs; nil when the segment lacks one.
    func phrase(
        _ phrase: PhraseQuery, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> (lists: [TermList], plan: PhrasePlan)? {
        guard let place = place(of: phrase.field), !phrase.terms.isEmpty else { return nil }
        var entries: [TermEntry] = []
        var sum: Float = 0
        for term in phrase.terms {
            guard let entry = try lookup(term.term, place) else { return nil }
            entries.append(entry)
            sum += inverseDocumentFrequency(entry)
        }
        let weight = weight(boost: phrase.boost, inverseDocumentFrequency: sum, field: place)
        var lists: [TermList] = []
        for entry in entries {
            lists.append(try list(entry, place, weight: weight, leaf: 0, bytes))
        }
        // The slop is counted from the first term, so that its positions must be read first.
        let looseBound = phrase.slop > 0 ? lists[0].maximum : nil
        let rarestFirst = lists.indices.sorted {
            lists[$0].documentFrequency < lists[$1].documentFrequency
        }
        let start = segment.fields[place].positions?.range.lowerBound ?? 0
        var lookups = rarestFirst.enumerated().map { number, index in
            let positions = entries[index].positions
            return PositionLookup(
                number: number, offset: phrase.terms[index].position &- phrase.terms[0].position,
                range: start + positions.lowerBound..<start + positions.upperBound)
        }
        if phrase.slop > 0, let first = rarestFirst.firstIndex(of: 0) { lookups.swapAt(0, first) }
        var counter = counters.take()
        counter.slop = phrase.slop
        return (
            rarestFirst.map { lists[$0] },
            PhrasePlan(lookups: lookups, counter: counter, looseBound: looseBound)
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
                layout, resident: segment.cache.postings(of: layout), weight: weight, leaf: leaf,
                scoring: scoring[place], bytes)
        } catch {
            throw .malformed(error)
        }
    }
}
