/// The terms of a pattern in the segments of a shard.
struct TermExpansion {
    /// By segment: the entries of its terms, in byte order.
    let entries: [[TermEntry]]
    /// Whether there were more terms than the limits allow.
    let isCut: Bool
}

extension ExpansionQuery {
    /// The terms in all segments of a shard together, so that the limit holds for the shard.
    ///
    /// - Throws: `tooManyTerms` past the limit if that is refused, `pattern` for a malformed one.
    func expansion(
        in segments: [SegmentReader], meter: inout WorkMeter, limits: ExpansionLimits
    ) throws(SearchError) -> TermExpansion {
        let automaton: TermAutomaton
        do throws(PatternError) {
            automaton = try pattern.automaton()
        } catch {
            throw .pattern(field: field, error)
        }
        var found: [[Found]] = []
        for segment in segments {
            // One term more than allowed shows that there are more.
            found.append(
                try terms(of: automaton, in: segment, atMost: limits.maximumTerms + 1, &meter))
        }
        let distinct = Set(found.joined().map(\.term))
        guard distinct.count > limits.maximumTerms else {
            return TermExpansion(entries: found.map { $0.map(\.entry) }, isCut: false)
        }
        if limits.excess == .refused {
            throw .tooManyTerms(field: field, limit: limits.maximumTerms)
        }
        let sorted = distinct.sorted { BytesOrder.compare($0.span, $1.span) < 0 }
        let kept = Set(sorted.prefix(limits.maximumTerms))
        return TermExpansion(
            entries: found.map { $0.filter { kept.contains($0.term) }.map(\.entry) }, isCut: true)
    }

    /// A term of one segment with its entry there.
    private typealias Found = (term: [UInt8], entry: TermEntry)

    private func terms(
        of automaton: TermAutomaton, in segment: SegmentReader, atMost limit: Int,
        _ meter: inout WorkMeter
    ) throws(SearchError) -> [Found] {
        var terms: [Found] = []
        guard let reader = segment.field(named: field) else { return terms }
        var walk = TermWalk(reader.dictionary, automaton)
        while terms.count < limit, let entry = try walk.next(&meter) {
            terms.append((walk.term, entry))
        }
        return terms
    }

    /// The documents of a segment that hold any of some of its terms.
    func documents(
        holding entries: [TermEntry], in segment: SegmentReader, meter: inout WorkMeter
    ) throws(SearchError) -> DocumentSet {
        guard let reader = segment.field(named: field) else {
            return .empty(documentCount: segment.documentCount)
        }
        return try reader.documents(holding: entries, meter: &meter)
    }

    /// The documents of a segment that hold any term of the pattern, the segment taken for a shard.
    func documents(
        in segment: SegmentReader, meter: inout WorkMeter, limits: ExpansionLimits
    ) throws(SearchError) -> DocumentSet {
        let expansion = try expansion(in: [segment], meter: &meter, limits: limits)
        return try documents(holding: expansion.entries[0], in: segment, meter: &meter)
    }
}
