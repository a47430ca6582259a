/// A query of one of the shapes that the list algorithms answer: terms of which some are required,
/// some add to the score and some exclude, with filters; or one phrase.
struct ListPlan {
    /// Lists that a match must be in, rarest first.
    var required: [TermList] = []
    /// Lists that add to the score, those that can add most first; without `required`, a match must
    /// be in one of them.
    var optional: [TermList] = []
    /// Lists that a match must not be in.
    var excluded: [TermList] = []
    /// Sets that narrow the matches.
    var filter = DocumentFilter()
    /// What a match must hold at certain positions, when the query is a phrase: `required` are its
    /// terms, rarest first, each with the phrase's weight.
    var phrase: PhrasePlan?
    /// Leaves in the canonical order of addition.
    private(set) var leafCount = 0
    /// Whether a required term is missing from the segment, so that nothing matches.
    private(set) var isEmpty = false

    /// Compiles a query; nil when it has another shape.
    init?(
        _ query: Query, _ context: SegmentContext, _ bytes: Span<UInt8>, _ meter: inout WorkMeter
    ) throws(ListFailure) {
        if let deleted = context.deleted { filter.excluded.append(deleted) }
        switch query {
        case .term(let term): try addOptional(term, context, bytes)
        case .phrase(let phrase): try setPhrase(phrase, context, bytes)
        case .boolean(let group):
            guard try add(group, context, bytes, &meter) else { return nil }
        default: return nil
        }
    }

    /// Makes `leaves` those of the required lists and of the optional ones from a place on, in the
    /// canonical order.
    func collectLeaves(optionalFrom first: Int, into leaves: inout [Int]) {
        leaves.removeAll(keepingCapacity: true)
        for index in required.indices { leaves.append(required[index].leaf) }
        for index in optional.indices[first...] { leaves.append(optional[index].leaf) }
        leaves.sort()
    }

    private mutating func add(
        _ group: BooleanQuery, _ context: SegmentContext, _ bytes: Span<UInt8>,
        _ meter: inout WorkMeter
    ) throws(ListFailure) -> Bool {
        guard Self.hasShape(group) else { return false }
        required.reserveCapacity(group.must.count)
        optional.reserveCapacity(group.should.count)
        try Self.forEachTerm(of: group.must, joinedBy: Self.required) {
            (term) throws(ListFailure) in try addRequired(term, context, bytes)
        }
        try Self.forEachTerm(of: group.should, joinedBy: Self.alternatives) {
            (term) throws(ListFailure) in try addOptional(term, context, bytes)
        }
        try Self.forEachTerm(of: group.mustNot, joinedBy: Self.alternatives) {
            (term) throws(ListFailure) in
            if let list = try context.list(term, leaf: 0, bytes) { excluded.append(list) }
        }
        guard !isEmpty else { return true }
        for part in group.filter {
            filter.required.append(try context.documents(matching: part, &meter))
        }
        return true
    }

    /// Whether a group is one of terms, but for its filters.
    private static func hasShape(_ group: BooleanQuery) -> Bool {
        areTerms(group.must, joinedBy: required)
            && areTerms(group.should, joinedBy: alternatives)
            && areTerms(group.mustNot, joinedBy: alternatives)
            && group.minimumShouldMatch == 0
            && (!group.must.isEmpty || (!group.should.isEmpty && group.filter.isEmpty))
    }

    /// The terms of a query that is answered from their lists alone.
    struct Terms {
        /// Those of which one is enough, or that only add to the score.
        var optional: [TermQuery] = []
        /// Those that have to match, or must not.
        var deciding: [TermQuery] = []

        var count: Int { optional.count + deciding.count }
    }

    /// The terms of a query that is answered from their lists alone; nil for other queries, and for those of
    /// more terms than a limit.
    static func terms(of query: Query, atMost limit: Int) -> Terms? {
        var terms = Terms()
        switch query {
        case .term(let term): terms.optional.append(term)
        case .boolean(let group):
            guard group.filter.isEmpty, hasShape(group) else { return nil }
            // One more than the limit shows that there are too many.
            forEachTerm(of: group.should, joinedBy: alternatives) { term in
                if terms.count <= limit { terms.optional.append(term) }
            }
            let decides = { (term: TermQuery) in
                if terms.count <= limit { terms.deciding.append(term) }
            }
            forEachTerm(of: group.must, joinedBy: required, decides)
            forEachTerm(of: group.mustNot, joinedBy: alternatives, decides)
        default: return nil
        }
        return terms.count <= limit ? terms : nil
    }

    /// The queries of a group that says nothing but that all of them must match.
    private static func required(_ group: BooleanQuery) -> [Query]? {
        group.isConjunction ? group.must : nil
    }

    /// The queries of a group that says nothing but that one of them must match.
    private static func alternatives(_ group: BooleanQuery) -> [Query]? {
        group.isDisjunction && !group.should.isEmpty ? group.should : nil
    }

    /// Whether side by side queries are terms, or groups of terms that mean the same side by side.
    private static func areTerms(
        _ queries: [Query], joinedBy members: (BooleanQuery) -> [Query]?
    ) -> Bool {
        queries.allSatisfy { query in
            switch query {
            case .term: true
            case .boolean(let group):
                members(group).map { areTerms($0, joinedBy: members) } ?? false
            default: false
            }
        }
    }

    /// Does something with each of the terms of side by side queries, of which `areTerms` is true.
    private static func forEachTerm<Failure: Error>(
        of queries: [Query], joinedBy members: (BooleanQuery) -> [Query]?,
        _ body: (TermQuery) throws(Failure) -> Void
    ) throws(Failure) {
        for query in queries {
            switch query {
            case .term(let term): try body(term)
            case .boolean(let group):
                try forEachTerm(of: members(group) ?? [], joinedBy: members, body)
            default: continue
            }
        }
    }

    private mutating func addRequired(
        _ term: TermQuery, _ context: SegmentContext, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        guard let list = try context.list(term, leaf: leafCount, bytes) else {
            isEmpty = true
            return
        }
        let frequency = list.documentFrequency
        Self.insert(consume list, into: &required) { $0.documentFrequency > frequency }
        leafCount += 1
    }

    private mutating func addOptional(
        _ term: TermQuery, _ context: SegmentContext, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        guard let list = try context.list(term, leaf: leafCount, bytes) else { return }
        let maximum = list.maximum
        Self.insert(consume list, into: &optional) { $0.maximum < maximum }
        leafCount += 1
    }

    /// Inserts a list before those at the end that belong behind it, by exchange: nothing is copied.
    @inline(__always)
    private static func insert(
        _ list: consuming TermList, into lists: inout [TermList],
        before belongsBehind: (borrowing TermList) -> Bool
    ) {
        var place = lists.count
        lists.append(consume list)
        while place > 0, belongsBehind(lists[place - 1]) {
            lists.swapAt(place - 1, place)
            place -= 1
        }
    }

    private mutating func setPhrase(
        _ phrase: PhraseQuery, _ context: SegmentContext, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        leafCount = 1
        guard let found = try context.phrase(phrase, bytes) else {
            isEmpty = true
            return
        }
        required = found.lists
        self.phrase = found.plan
    }
}

/// What a phrase needs beside the lists of its terms.
struct PhrasePlan {
    /// In the order in which positions are read: rarest first; of sloppy phrases the first term
    /// first.
    var lookups: [PositionLookup]
    /// Counts the occurrences, and keeps what lookups are done with; the next search uses it again.
    private(set) var buffers: PhraseBuffers
    /// Whether the score is bounded by the first term alone, and by how much.
    let looseBound: Float?

    /// - Parameter buffers: Of which the lookups have theirs.
    init(
        lookups: consuming [PositionLookup], slop: UInt32, looseBound: Float?,
        buffers: consuming PhraseBuffers
    ) {
        self.lookups = lookups
        self.looseBound = looseBound
        self.buffers = buffers
        self.buffers.counter.slop = slop
    }

    /// Gives its buffers away; nothing can be counted any more then.
    mutating func giveBuffers() -> PhraseBuffers {
        for index in lookups.indices { buffers.takeBack(&lookups[index].buffers) }
        var own = PhraseBuffers()
        swap(&own, &buffers)
        return own
    }

    /// Counts the occurrences in candidates of a batch from `start` on, list by list; returns where
    /// those end that were counted, which is behind `start`. Of documents that cannot reach `needed`
    /// the count may be too low.
    mutating func countOccurrences(
        _ batch: borrowing CandidateBatch, from start: Int, in lists: inout [TermList],
        needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Int {
        buffers.counter.removeAll()
        var candidates = start..<batch.count
        if needed > 0, looseBound == nil {
            for candidate in candidates {
                let document = batch.documents[batch.slot(candidate)]
                let least = lists[0].scoring.leastFrequency(
                    lists[0].weight, document, reaching: needed, bytes)
                buffers.counter.require(least, of: candidate)
            }
        }
        for index in lookups.indices {
            let end = try lookups[index].read(
                batch, candidates, isFirst: index == 0, in: &lists[lookups[index].number], bytes,
                into: &buffers.counter)
            candidates = start..<end
        }
        return candidates.upperBound
    }
}

extension BooleanQuery {
    /// Whether all it says is that every one of its queries must match.
    var isConjunction: Bool {
        should.isEmpty && mustNot.isEmpty && filter.isEmpty && !must.isEmpty
            && minimumShouldMatch == 0
    }

    /// Whether all it says is that one of its queries must match.
    var isDisjunction: Bool {
        must.isEmpty && mustNot.isEmpty && filter.isEmpty && minimumShouldMatch <= 1
    }
}
