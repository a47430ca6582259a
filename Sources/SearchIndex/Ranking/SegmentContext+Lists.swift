extension SegmentContext {
    /// The list of a term; nil when the segment lacks it.
    func list(
        _ term: TermQuery, leaf: Int, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> TermList? {
        guard let place = place(of: term.field), let found = try find(term.term, place, bytes)
        else {
            return nil
        }
        let weight = weight(
            boost: term.boost, inverseDocumentFrequency: inverseDocumentFrequency(found.entry),
            field: place)
        return try list(term.term, found, place, weight: weight, leaf: leaf, bytes)
    }

    /// The lists of a phrase's terms and what else it needs; nil when the segment lacks one.
    func phrase(
        _ phrase: PhraseQuery, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> (lists: [TermList], plan: PhrasePlan)? {
        guard let place = place(of: phrase.field), !phrase.terms.isEmpty else { return nil }
        var found: [FoundTerm] = []
        var sum: Float = 0
        for term in phrase.terms {
            guard let one = try find(term.term, place, bytes) else { return nil }
            found.append(one)
            sum += inverseDocumentFrequency(one.entry)
        }
        let weight = weight(boost: phrase.boost, inverseDocumentFrequency: sum, field: place)
        var lists: [TermList] = []
        for (term, one) in zip(phrase.terms, found) {
            lists.append(try list(term.term, one, place, weight: weight, leaf: 0, bytes))
        }
        // The slop is counted from the first term, so that its positions must be read first.
        let looseBound = phrase.slop > 0 ? lists[0].maximum : nil
        let rarestFirst = lists.indices.sorted {
            lists[$0].documentFrequency < lists[$1].documentFrequency
        }
        let start = segment.fields[place].positions?.range.lowerBound ?? 0
        var lookups = rarestFirst.enumerated().map { number, index in
            let positions = found[index].entry.positions
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

    /// What a list is made of.
    private struct FoundTerm {
        let entry: TermEntry
        let layout: PostingsLayout
        /// What the saturated frequency exceeds in no document; nil if the term was not asked for
        /// before.
        let greatest: Float?
    }

    private func find(
        _ term: TermBytes, _ place: Int, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> FoundTerm? {
        if let known = scoring[place].terms.find(term) {
            return FoundTerm(entry: known.entry, layout: known.layout, greatest: known.greatest)
        }
        let field = segment.fields[place]
        let entry: TermEntry?
        do { entry = try field.lookup(term) } catch { throw .search(.index(error)) }
        guard let entry else { return nil }
        do {
            let layout = try PostingsLayout(
                entry, bytes, base: field.postings.range.lowerBound,
                hasPositions: field.hasPositions, documentCount: segment.documentCount)
            return FoundTerm(entry: entry, layout: layout, greatest: nil)
        } catch {
            throw .malformed(error)
        }
    }

    private func list(
        _ term: TermBytes, _ found: FoundTerm, _ place: Int, weight: Float, leaf: Int,
        _ bytes: Span<UInt8>
    ) throws(ListFailure) -> TermList {
        do {
            let list = try TermList(
                found.layout, resident: segment.cache.postings(of: found.layout), weight: weight,
                leaf: leaf, scoring: scoring[place], greatest: found.greatest, bytes)
            if found.greatest == nil {
                scoring[place].terms.insert(
                    KnownTerm(term, found.entry, found.layout, greatest: list.greatest))
            }
            return list
        } catch {
            throw .malformed(error)
        }
    }
}
