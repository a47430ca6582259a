/// Finds the best documents of a `ListPlan` in one segment without looking at all of them.
///
/// The basic step is a *walk*: one list leads; a block at a time its documents are scored, and
/// those that can still reach the threshold with the best that the other lists can add are looked
/// up there, list by list, fewer and fewer. Blocks whose bound is too low are not even decoded.
///
/// - An intersection is one walk, led by the rarest required list.
/// - A union is a sequence of walks, led by the lists in the order of what they can add; documents
///   of earlier leaders are left out, and the sequence ends when the lists that are left cannot
///   reach the threshold together. This is MaxScore (H. Turtle and J. Flood, "Query evaluation:
///   strategies and optimizations", 1995) with essential lists taken one after the other instead
///   of merged, and block bounds as in S. Ding and T. Suel, "Faster top-k document retrieval using
///   block-max indexes", 2011.
/// - A phrase is an intersection whose scores are bounds; positions are read for what is left.
///
/// Bounds are sums in another order than the canonical one, so with three lists or more the
/// threshold is lowered by what rounding may have cost; scores that count are always canonical.
struct ListSearch {
    private var plan: ListPlan
    private let context: SegmentContext
    private var batch: CandidateBatch
    private var meter: WorkMeter
    private var positions: [UInt32] = []
    /// What the optional lists from each place on can add together; one more entry of zero.
    private let optionalRest: [Float]
    /// What the required lists from each place on and all optional ones can add together.
    private let requiredRest: [Float]
    /// The leaves that score in the current walk, in the canonical order.
    private var leaves: [Int] = []
    /// Whether every match is looked at, to be counted.
    private let isCounting: Bool
    /// The matches of an intersection or phrase, when they are counted.
    private(set) var matchCount: UInt64 = 0

    /// - Parameter isCounting: Look at every match of an intersection or phrase; matches of unions
    ///   are not counted.
    init(
        _ plan: consuming ListPlan, _ context: SegmentContext, isCounting: Bool,
        _ meter: WorkMeter
    ) {
        self.isCounting = isCounting
        self.context = context
        self.meter = meter
        batch = CandidateBatch(leafCount: max(1, plan.leafCount))
        optionalRest = Self.suffixSums(plan.optional, last: 0)
        requiredRest = Self.suffixSums(plan.required, last: optionalRest[0])
        self.plan = plan
    }

    private static func suffixSums(_ lists: [TermList], last: Float) -> [Float] {
        var sums = [Float](repeating: last, count: lists.count + 1)
        for index in lists.indices.reversed() {
            sums[index] = sums[index + 1] + lists[index].maximum
        }
        return sums
    }

    /// Offers every document that can be among the best to `collector`.
    mutating func run(
        into collector: inout TopKCollector, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        guard !plan.isEmpty, collector.limit > 0 || isCounting else { return }
        if let leader = plan.required.first {
            leaves = (plan.required.map(\.leaf) + plan.optional.map(\.leaf)).sorted()
            try walk(
                leader, rest: plan.phrase == nil ? requiredRest[1] : 0, optionalFrom: 0,
                earlier: 0..<0, into: &collector, bytes)
            return
        }
        try raiseThreshold(of: &collector, bytes)
        for leader in plan.optional.indices {
            if optionalRest[leader] < needed(collector, from: 0) { return }
            for index in plan.optional.indices { plan.optional[index].rewind() }
            for index in plan.excluded.indices { plan.excluded[index].rewind() }
            leaves = plan.optional[leader...].map(\.leaf).sorted()
            try walk(
                plan.optional[leader], rest: optionalRest[leader + 1], optionalFrom: leader + 1,
                earlier: 0..<leader, into: &collector, bytes)
        }
    }

    /// Starts from a score that enough documents reach through one term alone.
    private mutating func raiseThreshold(
        of collector: inout TopKCollector, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        guard plan.excluded.isEmpty, plan.filter.isEmpty else { return }
        for index in plan.optional.indices {
            do {
                let known = try plan.optional[index].knownScore(k: collector.limit, bytes)
                if let known { collector.raise(to: known) }
            } catch {
                throw .malformed(error)
            }
        }
    }

    /// The score that a sum must reach if its document is `first` or a later one.
    private func needed(_ collector: TopKCollector, from first: UInt32) -> Float {
        if isCounting { return -.infinity }
        let threshold = collector.threshold(in: context.number)
        let lists = plan.required.count + plan.optional.count
        if plan.phrase == nil, lists > 2 {
            guard threshold.score > 0 else { return threshold.score }
            // Each addition may have rounded by half a unit in the last place, both ways.
            return threshold.score - threshold.score * Float(lists) * Float.ulpOfOne
        }
        return first > threshold.tieDocument ? threshold.score.nextUp : threshold.score
    }
}

// Walks.
extension ListSearch {
    /// One walk: the leader's documents, looked up in the required lists behind the first and in
    /// the optional ones from a place on.
    ///
    /// - Parameters:
    ///   - rest: What all these lists can add to the leader's documents.
    ///   - earlier: Optional lists whose documents were looked at before.
    private mutating func walk(
        _ leader: consuming TermList, rest: Float, optionalFrom first: Int, earlier: Range<Int>,
        into collector: inout TopKCollector, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        let looseBound = plan.phrase?.looseBound
        for block in 0..<leader.blockCount {
            let needed = needed(collector, from: leader.firstPossible(ofBlock: block, bytes))
            guard
                try Self.enter(
                    block, of: &leader, looseBound: looseBound, rest: rest, needed: needed,
                    &meter, bytes)
            else { continue }
            do {
                try batch.start(
                    from: &leader, rest: rest, needed: needed, looseBound: looseBound, bytes)
            } catch {
                throw .malformed(error)
            }
            try narrow(optionalFrom: first, earlier: earlier, needed: needed, bytes)
            try offer(into: &collector, bytes)
        }
    }

    /// Decodes a block of a leader; false when nothing in it can reach what is needed.
    private static func enter(
        _ block: Int, of list: inout TermList, looseBound: Float?, rest: Float, needed: Float,
        _ meter: inout WorkMeter, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> Bool {
        let isWorthwhile: Bool
        do throws(Malformed) {
            let bound =
                if let looseBound { looseBound } else { try list.bound(ofBlock: block, bytes) }
            isWorthwhile = bound + rest >= needed
            if isWorthwhile { try list.load(block, bytes) }
        } catch {
            throw .malformed(error)
        }
        try meter.spendOrFail(isWorthwhile ? BlockPacking.blockLength : 8)
        return isWorthwhile
    }

    /// Looks the candidates up in the required lists behind the leader and in the optional ones
    /// from a place on, then in what excludes: lists of excluded terms and of earlier walks.
    private mutating func narrow(
        optionalFrom first: Int, earlier: Range<Int>, needed: Float, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        if !plan.filter.isEmpty { batch.keep(plan.filter) }
        do throws(Malformed) {
            for index in plan.required.indices.dropFirst() where batch.count > 0 {
                if plan.phrase != nil {
                    try batch.narrow(
                        &plan.required[index], isBound: plan.phrase?.looseBound == nil,
                        needed: needed, bytes)
                } else {
                    try batch.add(
                        &plan.required[index], isRequired: true, rest: requiredRest[index + 1],
                        needed: needed, bytes)
                }
            }
            for index in plan.optional.indices[first...] where batch.count > 0 {
                try batch.add(
                    &plan.optional[index], isRequired: false, rest: optionalRest[index + 1],
                    needed: needed, bytes)
            }
            for index in plan.excluded.indices where batch.count > 0 {
                try batch.remove(&plan.excluded[index], bytes)
            }
            for index in earlier where batch.count > 0 {
                try batch.remove(&plan.optional[index], bytes)
            }
        } catch {
            throw .malformed(error)
        }
        try meter.spendOrFail(batch.count)
    }

    /// Offers what is left of the batch, with canonical scores.
    private mutating func offer(
        into collector: inout TopKCollector, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        guard batch.count > 0 else { return }
        if plan.phrase == nil { matchCount += UInt64(batch.count) }
        for index in 0..<batch.count {
            let slot = batch.slot(index)
            let document = batch.documents[slot]
            var score: Float = 0
            if plan.phrase != nil {
                guard batch.partial[slot] >= needed(collector, from: document) else { continue }
                let frequency = try phraseFrequency(in: document, bytes)
                if frequency == 0 { continue }
                matchCount += 1
                score = plan.required[0].scoring.contribution(
                    plan.required[0].weight, document, frequency, bytes)
            } else {
                score = batch.score(ofSlot: slot, leaves: leaves)
            }
            do throws(SearchError) {
                if collector.admits(score) {
                    try context.offer(document, score, to: &collector)
                }
            } catch {
                throw .search(error)
            }
        }
    }

    private mutating func phraseFrequency(
        in document: UInt32, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> UInt32 {
        guard var phrase = plan.phrase else { return 0 }
        plan.phrase = nil
        defer { plan.phrase = phrase }
        try meter.spendOrFail(8)
        do throws(Malformed) {
            for index in phrase.lookups.indices {
                let count = try phrase.lookups[index].read(document, bytes, into: &positions)
                let offset = phrase.lookups[index].offset
                if index == 0 {
                    phrase.counter.begin(positions, count: count, offset: offset)
                } else {
                    phrase.counter.add(positions, count: count, offset: offset)
                }
                if phrase.counter.count == 0 { break }
            }
        } catch {
            throw .malformed(error)
        }
        return phrase.counter.count
    }
}
