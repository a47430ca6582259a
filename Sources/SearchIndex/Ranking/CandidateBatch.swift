/// Up to 128 documents on their way through the lists of a query.
///
/// Every document keeps its slot; what drops out leaves the list `alive`. Contributions are kept
/// by leaf and slot, so that those that arrive can be added in the canonical order.
struct CandidateBatch {
    private(set) var documents: [UInt32] = []
    /// What is known of each document's score: a bound, the sum so far, or of a phrase its bound.
    private(set) var partial: [Float] = []
    /// The slots still in the race; the first `count` count, documents ascending.
    private var alive: [Int] = []
    private(set) var count = 0
    /// Whether the batch was gathered from anywhere; else it is a block of the leader, slots its
    /// places there.
    private(set) var isGathered = false
    /// What no `partial` exceeds.
    private var greatest: Float = 0
    /// Slots of candidates that are looked up in one block, and their places there.
    private var group: [Int] = []
    private var places: [Int] = []
    /// Contributions by leaf * 128 + slot.
    private var contributions: [Float] = []
    /// The places of the candidates in their blocks of the required lists, perhaps unknown, by number
    /// of the list * 128 + slot; nothing for lists with bits for all documents.
    private var found: [Int] = []

    /// The most leaves and required lists of a batch that is worth keeping.
    private static let smallCount = 32

    /// Makes place for a query with some leaves, of which some lists are required.
    mutating func prepare(leafCount: Int, requiredCount: Int) {
        count = 0
        let length = BlockPacking.blockLength
        if documents.isEmpty {
            documents = [UInt32](repeating: 0, count: length)
            partial = [Float](repeating: 0, count: length)
            alive = [Int](repeating: 0, count: length)
            group = alive
            places = [Int](repeating: -1, count: length)
        }
        let missing = leafCount * length - contributions.count
        if missing > 0 { contributions += [Float](repeating: 0, count: missing) }
        let unplaced = requiredCount * length - found.count
        if unplaced > 0 { found += [Int](repeating: 0, count: unplaced) }
    }

    /// Whether no query asked for much place.
    var isSmall: Bool {
        max(contributions.count, found.count) <= Self.smallCount * BlockPacking.blockLength
    }

    /// The slot of the candidate at `index`, below `count`.
    @inline(__always)
    func slot(_ index: Int) -> Int { alive[index] }

    /// The place of the candidate in a slot in its block of a required list behind the first, or
    /// `TermList.unknownPlace`.
    @inline(__always)
    func place(ofSlot slot: Int, in list: borrowing TermList, number: Int) -> Int {
        !list.hasBitmap
            ? found[number * BlockPacking.blockLength + slot] : TermList.unknownPlace
    }

    /// Makes `partial` of all candidates their canonical scores: their contributions added in the
    /// order of the leaves.
    mutating func addUp(_ leaves: [Int]) {
        CandidateKernels.addUp(leaves, count, alive, contributions, into: &partial)
    }
}

// Starting with a leader's block.
extension CandidateBatch {
    /// Starts with all documents of a list's current block, of which only a bound is known.
    mutating func start(from list: inout TermList, bound: Float) {
        isGathered = false
        greatest = bound
        count = list.count
        list.giveDocuments(for: &documents)
        Self.begin(count, bound, &partial, &alive)
    }

    /// Keeps of what it was just started with the documents that a mask holds.
    mutating func keep(_ mask: borrowing MemberMask) {
        count = mask.select(documents, count, into: &alive)
    }

    @inline(__always)
    private static func begin(
        _ count: Int, _ bound: Float, _ partial: inout [Float], _ alive: inout [Int]
    ) {
        var partial = partial.mutableSpan
        var alive = alive.mutableSpan
        for index in 0..<count {
            partial[index] = bound
            alive[index] = index
        }
    }

    /// Starts with the documents of a list's current block whose contribution, with `rest` added,
    /// reaches `needed`; none of them exceeds `bound`.
    mutating func startScored(
        from list: inout TermList, bound: Float, rest: Float, needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        isGathered = false
        greatest = bound
        count = list.count
        try list.enterFrequencies(of: list.block, bytes)
        list.giveDocuments(for: &documents)
        scoreBlock(list, isWhole: true, rest: rest, needed: needed, bytes)
    }

    /// Scores the candidates with the list that they came from; their `partial` was only a bound so
    /// far. Keeps those that, with `rest` added, reach `needed`.
    mutating func score(
        with list: inout TermList, rest: Float, needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        if isGathered { return scoreGathered(list, rest: rest, needed: needed, bytes) }
        try list.enterFrequencies(of: list.block, bytes)
        scoreBlock(list, isWhole: false, rest: rest, needed: needed, bytes)
    }

    /// Scores candidates from the current block of a list, whose frequencies are decoded: of the
    /// whole block, or those alive.
    @inline(__always)
    private mutating func scoreBlock(
        _ list: borrowing TermList, isWhole: Bool, rest: Float, needed: Float,
        _ bytes: Span<UInt8>
    ) {
        let width = list.frequencyHeader.frequencyWidth
        let norms = list.scoring.norms
        let ratios = norms.ratios.span
        // Frequencies are at most 2 to the width.
        if width == 0 {
            count = CandidateKernels.score(
                list, count, isWhole: isWhole, rest: rest, needed: needed, bytes, documents,
                &partial, &alive, &contributions
            ) { _, code in ratios[code] }
        } else if 1 << width <= FieldNorms.tabulated {
            count = CandidateKernels.score(
                list, count, isWhole: isWhole, rest: rest, needed: needed, bytes, documents,
                &partial, &alive, &contributions
            ) { frequency, code in ratios[Int(frequency &- 1) << 8 | code] }
        } else {
            let norms = norms.norms.span
            count = CandidateKernels.score(
                list, count, isWhole: isWhole, rest: rest, needed: needed, bytes, documents,
                &partial, &alive, &contributions
            ) { frequency, code in
                BM25.contribution(weight: 1, frequency: frequency, norm: norms[code])
            }
        }
    }

    /// Starts with documents of the leader, which is in memory, that by all dense lists can reach
    /// `needed`, as many as there is room for; blocks of the leader are passed over that cannot with
    /// `rest`. Only a bound of their scores is known.
    mutating func gather(
        from leader: inout TermList, _ scan: inout LeaderScan, _ joint: borrowing JointLevels,
        rest: Float,
        needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        isGathered = true
        greatest = leader.maximum
        count = try scan.collect(
            from: leader, joint, rest: rest, needed: needed, bytes, into: &documents)
        Self.begin(count, greatest, &partial, &alive)
    }

    /// Scores candidates that were gathered from a list in memory.
    private mutating func scoreGathered(
        _ list: borrowing TermList, rest: Float, needed: Float, _ bytes: Span<UInt8>
    ) {
        guard let resident = list.resident else { return }
        count = CandidateKernels.join(
            list, resident, count, rest: rest, needed: needed, bytes, documents, &partial,
            &alive, &contributions
        ) { _, contribution in contribution }
    }

    /// Drops the candidates before a document.
    mutating func drop(before document: UInt32) {
        var first = 0
        while first < count, documents[alive[first]] < document { first += 1 }
        guard first > 0 else { return }
        for index in first..<count { alive[index - first] = alive[index] }
        count -= first
    }
}

// Required lists: first who is there, then what it adds.
extension CandidateBatch {
    /// Keeps the candidates that a required list holds, and notes where.
    ///
    /// Blocks are passed over in which none can reach `needed`: by the best a candidate has so far
    /// plus the block's bound and `rest`, or of a phrase by the block's bound alone.
    mutating func keepMembers(
        of list: inout TermList, number: Int, rest: Float, isPhrase: Bool, needed: Float,
        _ bytes: Span<UInt8>
    ) throws(Malformed) {
        let base = number * BlockPacking.blockLength
        if list.hasBitmap {
            list.countLookups(count)
            return keep(
                bitsOf: list, bound: isPhrase ? .infinity : list.maximum + rest, needed: needed,
                bytes)
        }
        var kept = 0
        var index = 0
        while index < count, try list.seekBlock(documents[alive[index]], bytes) {
            let bound = try list.bound(ofBlock: list.block, bytes)
            let mayReach = isPhrase ? bound >= needed : greatest + (bound + rest) >= needed
            let step = CandidateKernels.Step(
                start: index, count: count, last: list.last,
                bound: isPhrase ? .infinity : bound + rest, needed: needed)
            if mayReach {
                (index, kept) = try list.keep(
                    step, kept: kept, documents, partial, &alive, &found, base: base, bytes)
            } else {
                index =
                    CandidateKernels.select(
                        step, documents, partial, alive, into: &group
                    ).end
            }
        }
        count = kept
    }

    /// Keeps the candidates that a list with a bit for each document holds, and that reach what is
    /// needed with `bound` added.
    mutating func keep(
        bitsOf list: borrowing TermList, bound: Float = .infinity, needed: Float = -.infinity,
        _ bytes: Span<UInt8>
    ) {
        if let resident = list.resident {
            count = CandidateKernels.keep(
                resident, count, documents, partial, &alive, bound: bound, needed: needed)
        } else if let bitmap = list.bitmap {
            let step = CandidateKernels.Step(
                start: 0, count: count, last: .max, bound: bound, needed: needed)
            count =
                CandidateKernels.keep(
                    step, kept: 0, documents, partial, &alive, &found, base: 0
                ) { CandidateKernels.place(of: $0, in: bitmap, bytes) }.kept
        }
    }

    /// Adds what a required list contributes to the candidates, all of which it holds.
    ///
    /// Keeps those that, with `rest` added, reach `needed`.
    mutating func addRequired(
        _ list: inout TermList, number: Int, rest: Float, needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        if let resident = list.resident {
            list.countLookups(count)
            return add(list, resident, rest: rest, needed: needed, bytes)
        }
        let base = list.leaf * BlockPacking.blockLength
        var kept = 0
        var index = 0
        while index < count {
            let block = try list.seekFrequencies(of: documents[alive[index]], bytes)
            let step = CandidateKernels.Step(
                start: index, count: count, last: list.layout.lastDocument(ofBlock: block, bytes),
                bound: try list.bound(ofBlock: block, bytes) + rest, needed: needed)
            let (end, size) = CandidateKernels.select(
                step, documents, partial, alive, into: &group)
            index = end
            guard size > 0 else { continue }
            for index in 0..<size {
                places[index] = place(ofSlot: group[index], in: list, number: number)
            }
            try list.enterFrequencies(of: block, bytes)
            try list.rank(documents, group, count: size, bytes, into: &places)
            kept = CandidateKernels.addGroup(
                list, (size, base, kept), rest: rest, needed: needed, bytes, group, places,
                documents, &partial, &alive, &contributions)
        }
        count = kept
    }
}

// Lists in memory.
extension CandidateBatch {
    /// Adds what a list contributes, nothing to candidates that it lacks.
    ///
    /// Keeps those that, with `rest` added, reach `needed`.
    private mutating func add(
        _ list: borrowing TermList, _ resident: ResidentPostings, rest: Float, needed: Float,
        _ bytes: Span<UInt8>
    ) {
        count = CandidateKernels.join(
            list, resident, count, rest: rest, needed: needed, bytes, documents, &partial,
            &alive, &contributions, by: +)
    }

    /// Keeps the candidates whose phrase can reach `needed` as often as a term of it occurs; all hold
    /// the term, whose weight is the phrase's.
    mutating func limit(
        by list: inout TermList, needed: Float, _ bytes: Span<UInt8>
    ) {
        guard let resident = list.resident else { return }
        list.countLookups(count)
        count = CandidateKernels.join(
            list, resident, count, rest: 0, needed: needed, bytes, documents, &partial, &alive,
            &contributions, by: min)
    }
}

// Optional lists, exclusion, filters.
extension CandidateBatch {
    /// Looks the candidates up in an optional list and adds what it contributes.
    ///
    /// Keeps those that, with `rest` added, reach `needed`.
    mutating func addOptional(
        _ list: inout TermList, rest: Float, needed: Float, _ bytes: Span<UInt8>
    ) throws(Malformed) {
        if let resident = list.resident {
            list.countLookups(count)
            return add(list, resident, rest: rest, needed: needed, bytes)
        }
        let base = list.leaf * BlockPacking.blockLength
        var kept = 0
        var index = 0
        while index < count, try list.seekBlock(documents[alive[index]], bytes) {
            let bound = try list.bound(ofBlock: list.block, bytes) + rest
            let step = CandidateKernels.Step(
                start: index, count: count, last: list.last, bound: bound, needed: needed)
            let (end, size) = CandidateKernels.select(
                step, documents, partial, alive, into: &group)
            index = end
            guard size > 0, try locate(size, in: &list, bytes) else {
                kept = keepUnchanged(size, base, rest, needed, kept)
                continue
            }
            kept = CandidateKernels.addGroup(
                list, (size, base, kept), rest: rest, needed: needed, bytes, group, places,
                documents, &partial, &alive, &contributions)
        }
        // Behind the list's end nothing is added.
        for place in index..<count { group[place - index] = alive[place] }
        count = keepUnchanged(count - index, base, rest, needed, kept)
    }

    /// Looks the group up in the current block, with what is needed to score it; false when none of
    /// it is there.
    @inline(__always)
    private mutating func locate(
        _ size: Int, in list: inout TermList, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Bool {
        try list.locate(documents, group, count: size, bytes, into: &places)
        for index in 0..<size where places[index] >= 0 {
            try list.enterFrequencies(of: list.block, bytes)
            try list.rank(documents, group, count: size, bytes, into: &places)
            return true
        }
        return false
    }

    /// Keeps of a group what reaches `needed` without a contribution.
    private mutating func keepUnchanged(
        _ size: Int, _ base: Int, _ rest: Float, _ needed: Float, _ kept: Int
    ) -> Int {
        CandidateKernels.keepUnchanged(
            (size, base, kept), rest: rest, needed: needed, group, partial, &alive, &contributions)
    }

    /// Drops the candidates that a list holds.
    mutating func remove(_ list: inout TermList, _ bytes: Span<UInt8>) throws(Malformed) {
        if let resident = list.resident {
            list.countLookups(count)
            count = CandidateKernels.keep(
                resident, holding: false, count, documents, partial, &alive)
            return
        }
        var kept = 0
        for index in 0..<count {
            let slot = alive[index]
            if try list.contains(documents[slot], bytes) { continue }
            alive[kept] = slot
            kept += 1
        }
        count = kept
    }

    /// Keeps the candidates that a filter accepts.
    mutating func keep(_ filter: DocumentFilter) {
        var kept = 0
        for index in 0..<count {
            let slot = alive[index]
            alive[kept] = slot
            kept += filter.accepts(documents[slot]) ? 1 : 0
        }
        count = kept
    }
}
