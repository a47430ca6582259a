extension SegmentContext {
    /// The list of a term; nil when the segment lacks it.
    func list(
        _ term: TermQuery, leaf: Int, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> TermList? {
        guard let place = place(of: term.field), let known = try known(term.term, place, bytes)
        else { return nil }
        let weight = weight(
            boost: term.boost, inverseDocumentFrequency: inverseDocumentFrequency(known.entry),
            field: place)
        return list(known, place, weight: weight, leaf: leaf)
    }

    /// The lists of a phrase's terms and what else it needs; nil when the segment lacks one.
    func phrase(
        _ phrase: PhraseQuery, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> (lists: [TermList], plan: PhrasePlan)? {
        guard let place = place(of: phrase.field), !phrase.terms.isEmpty else { return nil }
        var found: [KnownTerm] = []
        var sum: Float = 0
        for term in phrase.terms {
            guard let known = try known(term.term, place, bytes) else { return nil }
            found.append(known)
            sum += inverseDocumentFrequency(known.entry)
        }
        let weight = weight(boost: phrase.boost, inverseDocumentFrequency: sum, field: place)
        let lists = found.map { list($0, place, weight: weight, leaf: 0) }
        // The slop is counted from the first term, so that its positions must be read first.
        let looseBound = phrase.slop > 0 ? lists[0].maximum : nil
        let rarestFirst = lists.indices.sorted {
            lists[$0].documentFrequency < lists[$1].documentFrequency
        }
        let start = segment.fields[place].positions?.range.lowerBound ?? 0
        var buffers = phraseBuffers.take()
        var lookups: [PositionLookup] = []
        lookups.reserveCapacity(rarestFirst.count)
        for (number, index) in rarestFirst.enumerated() {
            let positions = found[index].entry.positions
            lookups.append(
                PositionLookup(
                    number: number,
                    offset: phrase.terms[index].position &- phrase.terms[0].position,
                    range: start + positions.lowerBound..<start + positions.upperBound,
                    buffers: buffers.takeLookup()))
        }
        if phrase.slop > 0, let first = rarestFirst.firstIndex(of: 0) { lookups.swapAt(0, first) }
        return (
            rarestFirst.map { lists[$0] },
            PhrasePlan(
                lookups: lookups, slop: phrase.slop, looseBound: looseBound, buffers: buffers)
        )
    }

    /// The documents of the segment that hold a term.
    func documentFrequency(of term: TermQuery) throws(SearchError) -> Int {
        guard let place = place(of: term.field) else { return 0 }
        do throws(ListFailure) {
            return try withBytes { (bytes) throws(ListFailure) in
                try known(term.term, place, bytes).map { Int($0.entry.documentFrequency) } ?? 0
            }
        } catch {
            throw searchError(error)
        }
    }

    /// What is known of a term, looked up in the dictionary if it was not asked for before; nil when
    /// the segment lacks it.
    private func known(
        _ term: TermBytes, _ place: Int, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> KnownTerm? {
        let scoring = scoring[place]
        let terms = scoring.terms
        if let known = terms.find(term) { return known }
        let field = segment.fields[place]
        let entry: TermEntry?
        do { entry = try field.lookup(term) } catch { throw .search(.index(error)) }
        guard let entry else { return nil }
        do throws(Malformed) {
            let layout = try PostingsLayout(
                entry, bytes, base: field.postings.range.lowerBound,
                hasPositions: field.hasPositions, documentCount: segment.documentCount)
            let greatest = try TermList.greatest(of: layout, scoring, bytes)
            let known = KnownTerm(term, entry, layout, greatest: greatest)
            terms.insert(known)
            return known
        } catch {
            throw .malformed(error)
        }
    }

    private func list(_ known: KnownTerm, _ place: Int, weight: Float, leaf: Int) -> TermList {
        TermList(
            known.layout, resident: segment.cache.postings(of: known.layout), weight: weight,
            leaf: leaf, scoring: scoring[place], greatest: known.greatest)
    }
}
