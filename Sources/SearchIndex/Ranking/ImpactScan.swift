/// How far a walk is in its leader's list, and the search for documents worth looking at by the
/// impact maps of the leader and other lists.
struct ImpactScan {
    /// The block of the leader to go on with.
    private(set) var block = 0
    /// Documents before this one are done.
    private(set) var document: UInt32 = 0

    /// The sums of the impacts of eight documents each.
    private var sums: [CandidateKernels.EightSums] = []

    /// How many sums are made at once: they stay in the nearest cache.
    private static let sumCount = 64
    /// The most blocks looked at as one.
    private static let longestRun = 32

    /// Goes on at the start of a block, which is not before the present one.
    mutating func skip(to block: Int) { self.block = block }

    /// Goes behind the present block, which the leader is at, all of whose documents are done.
    mutating func passBlock(of leader: borrowing TermList) {
        document = leader.last &+ 1
        block += 1
    }

    /// Whether some of the block's documents are done, and others not.
    func isInside(_ leader: borrowing TermList, _ bytes: Span<UInt8>) -> Bool {
        document > leader.firstPossible(ofBlock: block, bytes)
    }

    /// Collects the documents that can reach what is needed, until there is no room for eight more or
    /// the leader ends; returns how many. Blocks of the leader are passed over where their bound, with
    /// what all other lists can add, is too low. Up to seven documents that were done before come
    /// again, first of all.
    ///
    /// Time: linear in the blocks, and in an eighth of the documents that the others span.
    mutating func collect(
        from leader: borrowing TermList, _ impacts: JointImpacts, othersRest: Float,
        needed: Float, _ bytes: Span<UInt8>, into documents: inout [UInt32]
    ) throws(Malformed) -> Int {
        let threshold = ImpactThreshold(impacts.weights, needed: needed, rest: impacts.rest)
        var size = 0
        var hasRoom = true
        while hasRoom {
            block = try leader.nextBlock(from: block, reaching: needed, with: othersRest, bytes)
            guard block < leader.blockCount else { break }
            document = max(document, leader.firstPossible(ofBlock: block, bytes)) & ~7
            var last = block
            while last + 1 < min(leader.blockCount, block + Self.longestRun),
                try leader.bound(ofBlock: last + 1, bytes) + othersRest >= needed
            {
                last += 1
            }
            let end = leader.layout.lastDocument(ofBlock: last, bytes)
            hasRoom = collect(through: end, impacts, threshold, into: &documents, &size)
            block =
                hasRoom
                ? last + 1 : leader.layout.firstBlock(reaching: document, from: block, bytes)
        }
        return size
    }

    /// Collects documents through one; false when there was no room for all.
    private mutating func collect(
        through last: UInt32, _ impacts: JointImpacts, _ threshold: ImpactThreshold,
        into documents: inout [UInt32], _ size: inout Int
    ) -> Bool {
        if sums.isEmpty {
            sums = [CandidateKernels.EightSums](repeating: .zero, count: Self.sumCount)
        }
        while document <= last {
            let first = Int(document)
            let count = min(Self.sumCount, (Int(last) - first) / 8 + 1)
            for index in impacts.maps.indices {
                CandidateKernels.add(
                    impacts.maps[index], weight: threshold.weights[index], from: first, to: &sums,
                    count, isFirst: index == 0)
            }
            let taken = CandidateKernels.collect(
                sums, count, least: threshold.least, first: first, into: &documents, &size)
            document = UInt32(first + 8 * taken)
            if taken < count { return false }
        }
        return true
    }
}

/// The impact maps of a walk's leader and of other lists that a document's score is summed over.
struct JointImpacts {
    /// By document, all of one length.
    private(set) var maps: [[UInt8]] = []
    /// What saturated frequencies of each map are multiplied by to bound contributions.
    private(set) var weights: [Float] = []
    /// What lists without a map can add.
    private(set) var rest: Float = 0

    /// Adds a list: its map, or what it can add.
    mutating func append(_ list: borrowing TermList) {
        if let weight = list.impactWeight, let map = list.resident?.impacts {
            maps.append(map.codes)
            weights.append(weight)
        } else {
            rest += list.maximum
        }
    }
}
