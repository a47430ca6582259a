/// Finds the best documents of a `ListPlan` in one segment without looking at all of them.
///
/// The basic step is a *walk*: one list leads; a block at a time its documents are scored, and
/// those that can still reach the threshold with the best that the other lists can add are looked
/// up there, list by list, fewer and fewer. Blocks whose bound is too low are not even decoded.
///
/// - An intersection is one walk, led by the rarest required list. Dense lists are intersected bit by
///   bit over the span of a leader's block before anything is scored; the others are looked up.
/// - A union is a sequence of walks, led by the lists in the order of what they can add; documents
///   of earlier leaders are left out, and the sequence ends when the lists that are left cannot
///   reach the threshold together. This is MaxScore (H. Turtle and J. Flood, "Query evaluation:
///   strategies and optimizations", 1995) with essential lists taken one after the other instead
///   of merged, and block bounds as in S. Ding and T. Suel, "Faster top-k document retrieval using
///   block-max indexes", 2011.
/// - A phrase is an intersection whose scores are bounds; positions are read for what is left.
/// - Of a leader in memory, documents that all dense lists of an intersection hold, or that can
///   reach the threshold, may be found by bits and impact levels, without its blocks (`LeaderScan`).
///
/// Bounds are sums in another order than the canonical one, so with three lists or more the
/// threshold is lowered by what rounding may have cost; scores that count are always canonical.
struct ListSearch: ~Copyable {
    var plan: ListPlan
    /// What a phrase needs beside its lists; nil for other queries.
    var phrase: PhrasePlan?
    let context: SegmentContext
    /// What the search writes to: its own until it ends.
    var buffers: SearchBuffers
    var meter: WorkMeter
    /// What a leader's documents meet first.
    private var order = FilterOrder()
    /// Whether a phrase's documents are dropped for how often its terms occur there: the leader, and
    /// the others.
    var leaderTest = OptionalTest()
    var othersTest = OptionalTest()
    /// Whether the batch's documents are in all required lists that have bits; its leader's scores are
    /// not known then, unless `isScored`.
    var metBitmaps = false
    /// Whether the batch has its leader's scores.
    var isScored = false
    /// Whether every match is found, to be counted, before any is scored.
    let isCounting: Bool
    /// The matches of an intersection or phrase, when they are counted.
    var matchCount: UInt64 = 0

    /// - Parameter isCounting: Find every match of an intersection or phrase; matches of unions are
    ///   not counted.
    init(
        _ plan: consuming ListPlan, _ context: SegmentContext, isCounting: Bool,
        _ meter: WorkMeter
    ) {
        self.isCounting = isCounting
        self.context = context
        self.meter = meter
        self.plan = consume plan
        // Taken out: what two have is copied when one of them changes it.
        phrase = self.plan.phrase.take()
        buffers = context.buffers.take()
        buffers.batch.prepare(
            leafCount: max(1, self.plan.leafCount), requiredCount: self.plan.required.count)
        buffers.bounds.set(self.plan)
        buffers.mask.set(self.plan.required)
        for index in self.plan.required.indices { buffers.lend(to: &self.plan.required[index]) }
        for index in self.plan.optional.indices { buffers.lend(to: &self.plan.optional[index]) }
    }

    /// Ends the search; its buffers serve the next.
    consuming func finish() {
        if let own = phrase?.giveBuffers() { context.phraseBuffers.give(own) }
        buffers.mask.removeAll()
        for index in plan.required.indices { buffers.takeBack(from: &plan.required[index]) }
        for index in plan.optional.indices { buffers.takeBack(from: &plan.optional[index]) }
        var own = SearchBuffers()
        swap(&own, &buffers)
        context.buffers.give(own)
    }

    /// Offers every document that can be among the best to `collector`.
    mutating func run(
        into collector: inout TopKCollector, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        guard !plan.isEmpty, collector.limit > 0 || isCounting else { return }
        if !plan.required.isEmpty {
            plan.collectLeaves(optionalFrom: 0, into: &buffers.leaves)
            var leader = plan.required[0].take()
            defer { plan.required[0] = leader }
            let rest = phrase == nil ? buffers.bounds.required(from: 1) : 0
            let walk = Walk(
                rest: rest, first: 0, earlier: 0..<0,
                joint: jointLevels(of: leader, optionalFrom: 0))
            return try self.walk(&leader, walk, into: &collector, bytes)
        }
        raiseThreshold(of: &collector, bytes)
        for leader in plan.optional.indices {
            if buffers.bounds.optional(from: leader) < needed(collector, from: 0) { return }
            rewind()
            plan.collectLeaves(optionalFrom: leader, into: &buffers.leaves)
            var list = plan.optional[leader].take()
            defer { plan.optional[leader] = list }
            let walk = Walk(
                rest: buffers.bounds.optional(from: leader + 1), first: leader + 1,
                earlier: 0..<leader,
                joint: jointLevels(of: list, optionalFrom: leader + 1))
            try self.walk(&list, walk, into: &collector, bytes)
        }
    }

    /// Starts from a score that enough documents reach through one term alone.
    private mutating func raiseThreshold(
        of collector: inout TopKCollector, _ bytes: Span<UInt8>
    ) {
        guard plan.excluded.isEmpty, plan.filter.isEmpty else { return }
        for list in plan.optional {
            if let known = list.knownScore(k: collector.limit, bytes) { collector.raise(to: known) }
        }
    }

    /// The score that a sum must reach if its document is `first` or a later one.
    func needed(_ collector: TopKCollector, from first: UInt32) -> Float {
        if collector.limit == 0 { return .infinity }
        let threshold = collector.threshold(in: context.number)
        let lists = plan.required.count + plan.optional.count
        if phrase == nil, lists > 2 {
            guard threshold.score > 0 else { return threshold.score }
            // Each addition may have rounded by half a unit in the last place, both ways.
            return threshold.score - threshold.score * Float(lists) * Float.ulpOfOne
        }
        return first > threshold.tieDocument ? threshold.score.nextUp : threshold.score
    }
}

// The cache.
extension ListSearch {
    /// Tells a cache how often lists were looked into.
    mutating func record(in cache: PostingsCache, _ bytes: Span<UInt8>) {
        cache.record(plan.required, bytes, &meter)
        cache.record(plan.optional, bytes, &meter)
        cache.record(plan.excluded, bytes, &meter)
    }
}

// Walks.
extension ListSearch {
    /// One walk: the leader's documents, looked up in the required lists behind the first and in
    /// optional ones.
    private mutating func walk(
        _ leader: inout TermList, _ walk: Walk, into collector: inout TopKCollector,
        _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        let looseBound = phrase?.looseBound
        var scan = LeaderScan()
        swap(&scan, &buffers.scan)
        defer { swap(&scan, &buffers.scan) }
        scan.restart()
        while scan.block < leader.blockCount {
            let block = scan.block
            let needed = needed(collector, from: leader.firstPossible(ofBlock: block, bytes))
            if let looseBound {
                guard isCounting || looseBound >= needed else { return }
            } else if !isCounting {
                // What is needed does not fall from block to block.
                let next = try leader.firstBlock(
                    from: block, reaching: needed, with: walk.rest, &meter, bytes)
                if next > block {
                    scan.skip(to: next)
                    continue
                }
            }
            try visit(&leader, &scan, walk, needed: needed, into: &collector, bytes)
        }
    }

    /// What one walk looks its leader's documents up in.
    private struct Walk {
        /// What all these lists can add to the leader's documents.
        let rest: Float
        /// The first of the optional lists.
        let first: Int
        /// Optional lists whose documents were looked at before.
        let earlier: Range<Int>
        /// The dense ones of all these lists and the leader; nil where they tell nothing.
        let joint: JointLevels?
    }

    /// The dense ones of a leader and all lists that its documents are looked up in.
    private func jointLevels(
        of leader: borrowing TermList, optionalFrom first: Int
    ) -> JointLevels? {
        guard var joint = JointLevels(leader: leader, isPhrase: phrase != nil) else { return nil }
        for index in plan.required.indices.dropFirst() {
            joint.append(plan.required[index], isRequired: true)
        }
        for index in plan.optional.indices[first...] {
            joint.append(plan.optional[index], isRequired: false)
        }
        return joint.isUseful ? joint : nil
    }

    /// Goes back to the start of a union's lists.
    private mutating func rewind() {
        for index in plan.optional.indices { plan.optional[index].rewind() }
        for index in plan.excluded.indices { plan.excluded[index].rewind() }
    }

    /// Takes the next documents of a leader through all lists: a block of it, or those of several
    /// blocks whose impact is worth it.
    @inline(__always)
    private mutating func visit(
        _ leader: inout TermList, _ scan: inout LeaderScan, _ walk: Walk, needed: Float,
        into collector: inout TopKCollector, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        let blocks: Int
        do throws(Malformed) {
            let block = scan.block
            // To be counted, a match need not reach anything.
            let least = isCounting ? -.infinity : needed
            try start(&leader, &scan, walk, needed: least, bytes)
            blocks = max(1, scan.block - block)
            if ResidentPostings.hasImpacts(leader.layout) || buffers.mask.isActive {
                leader.countLookups(blocks)
            }
            try meetRequired(needed: least, bytes)
            if phrase == nil {
                if isCounting {
                    // All that is left then is matches.
                    try removeExcluded(bytes)
                    matchCount += UInt64(buffers.batch.count)
                }
                try scoreRequired(leader: &leader, rest: walk.rest, needed: needed, bytes)
            } else if phrase?.looseBound == nil {
                try limitPhrases(leader: &leader, needed: least, bytes)
            }
            try meetOthers(
                optionalFrom: walk.first, earlier: walk.earlier, needed: needed, bytes)
        } catch {
            throw .malformed(error)
        }
        try meter.spendOrFail(blocks * BlockPacking.blockLength + buffers.batch.count)
        try offer(leader: &leader, into: &collector, bytes)
    }

    /// Makes documents of the leader the batch, and goes behind them.
    private mutating func start(
        _ leader: inout TermList, _ scan: inout LeaderScan, _ walk: Walk, needed: Float,
        _ bytes: Span<UInt8>
    ) throws(Malformed) {
        let first = firstTest(leader, &scan, walk, needed: needed, bytes)
        metBitmaps = first != .scores
        isScored = false
        if first == .levels, let joint = walk.joint {
            return try gather(joint, from: &leader, &scan, rest: walk.rest, needed: needed, bytes)
        }
        let block = scan.block
        try start(block, of: &leader, first, rest: walk.rest, needed: needed, bytes)
        buffers.batch.drop(before: scan.document)
        scan.passBlock(of: leader)
    }

    /// Makes documents of the leader the batch that by all dense lists can reach what is needed.
    private mutating func gather(
        _ joint: JointLevels, from leader: inout TermList, _ scan: inout LeaderScan, rest: Float,
        needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        let document = scan.document
        try buffers.batch.gather(
            from: &leader, &scan, joint, rest: rest, needed: isLoose ? -.infinity : needed, bytes)
        let scanned = Float(scan.document - document) * leader.density
        order.record(.levels, kept: buffers.batch.count, of: Int(scanned))
        guard phrase == nil, !isCounting else { return }
        isScored = true
        try buffers.batch.score(with: &leader, rest: rest, needed: needed, bytes)
    }

    /// Whether what a block of the leader can reach is not known, as of a sloppy phrase.
    var isLoose: Bool { phrase?.looseBound != nil }

    /// What the leader's next documents meet first.
    private mutating func firstTest(
        _ leader: borrowing TermList, _ scan: inout LeaderScan, _ walk: Walk, needed: Float,
        _ bytes: Span<UInt8>
    ) -> FilterOrder.First {
        let needed = isLoose ? -.infinity : needed
        var words: Float?
        if let joint = walk.joint,
            let comparisons = scan.comparisonCount(joint, needed: needed)
        {
            words = Float(comparisons) / (64 * leader.density)
        }
        return order.next(needed: needed, .init(mask: buffers.mask.isActive, words: words))
    }

    /// Makes a block of the leader the batch.
    private mutating func start(
        _ block: Int, of leader: inout TermList, _ first: FilterOrder.First, rest: Float,
        needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        let looseBound = phrase?.looseBound
        let bound =
            if let looseBound { looseBound } else { try leader.bound(ofBlock: block, bytes) }
        try leader.load(block, bytes)
        if first == .mask {
            buffers.batch.start(from: &leader, bound: bound)
            try meetMask(
                from: leader.firstPossible(ofBlock: block, bytes), through: leader.last, bytes)
        } else if phrase == nil
            ? !isCounting : looseBound == nil && leaderTest.isWorthwhile(needed: needed)
        {
            isScored = true
            try buffers.batch.startScored(
                from: &leader, bound: bound, rest: rest, needed: needed, bytes)
            leaderTest.record(kept: buffers.batch.count, of: leader.count)
        } else {
            return buffers.batch.start(from: &leader, bound: bound)
        }
        order.record(first, kept: buffers.batch.count, of: leader.count)
    }

    /// Narrows the batch, which spans some documents, to what the dense lists have in common.
    private mutating func meetMask(
        from start: UInt32, through last: UInt32, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        if try buffers.mask.intersect(plan.required, from: start, through: last, bytes) {
            return buffers.batch.keep(buffers.mask)
        }
        for list in plan.required.indices.dropFirst() where plan.required[list].hasBitmap {
            buffers.batch.keep(bitsOf: plan.required[list], bytes)
        }
    }
}
