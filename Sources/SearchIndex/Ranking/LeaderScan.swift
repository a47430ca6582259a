/// How far a walk is in its leader's list, and the search for documents worth looking at without
/// decoding the leader: those that by bits and impact levels of the walk's dense lists match and can
/// reach the threshold.
struct LeaderScan {
    /// The block of the leader to go on with.
    private(set) var block = 0
    /// Documents before this one are done.
    private(set) var document: UInt32 = 0

    /// What documents are worth looking at.
    private var test = LevelTest()
    /// The documents of a stretch that pass it, a bit each, and those that pass a part of it.
    private var words: [UInt64] = []
    private var part: [UInt64] = []

    /// How many documents passed for each word of late.
    private var passing = mostPassing

    /// How many words are made at once at least and at most, so that they stay in the nearest cache:
    /// between them, as many as should fill what room there is, as those behind a full batch are made
    /// in vain.
    private static let fewestWords = 32
    private static let mostWords = 512
    private static let mostPassing = Float(BlockPacking.blockLength / fewestWords)
    /// The most blocks looked at as one.
    private static let longestRun = 32
    /// The most blocks looked into at once, so that a search that finds nothing can be stopped.
    private static let mostBlocks = 1024

    /// Begins with another leader.
    mutating func restart() {
        block = 0
        document = 0
        passing = Self.mostPassing
        test.forget()
    }

    /// Goes on at the start of a block, which is not before the present one.
    mutating func skip(to block: Int) { self.block = block }

    /// Goes behind the present block, which the leader is at, all of whose documents are done.
    mutating func passBlock(of leader: borrowing TermList) {
        document = leader.last &+ 1
        block += 1
    }

    /// The comparisons of levels for each 64 documents when what is needed has a certain value; nil
    /// where they would only tell that a document is the leader's.
    mutating func comparisonCount(_ joint: borrowing JointLevels, needed: Float) -> Int? {
        test.set(joint, needed: needed)
        return test.isTrivial ? nil : test.comparisonCount
    }

    /// Collects the leader's documents that pass the test of what is needed, until there is no room
    /// for more or the leader, or a limit of blocks, ends; returns how many. Blocks of the leader are
    /// passed over where their bound, with `rest`, is too low.
    ///
    /// Time: linear in the blocks, and for each part of the test in a sixty-fourth of the documents
    /// that the others span.
    mutating func collect(
        from leader: borrowing TermList, _ joint: borrowing JointLevels, rest: Float, needed: Float,
        _ bytes: Span<UInt8>, into documents: inout [UInt32]
    ) throws(Malformed) -> Int {
        test.set(joint, needed: needed)
        if test.isImpossible {
            block = leader.blockCount
            return 0
        }
        if words.isEmpty {
            words = [UInt64](repeating: 0, count: Self.mostWords)
            part = words
        }
        var size = 0
        let limit = min(leader.blockCount, block + Self.mostBlocks)
        while block < limit {
            block = try leader.nextBlock(from: block, reaching: needed, with: rest, bytes)
            guard block < limit else { break }
            document = max(document, leader.firstPossible(ofBlock: block, bytes))
            var last = block
            while last + 1 < min(limit, block + Self.longestRun),
                try leader.bound(ofBlock: last + 1, bytes) + rest >= needed
            {
                last += 1
            }
            let end = min(
                leader.layout.lastDocument(ofBlock: last, bytes), leader.layout.documentLimit - 1)
            guard collect(through: end, joint, bytes, into: &documents, &size) else {
                block = leader.layout.firstBlock(reaching: document, from: block, bytes)
                break
            }
            block = last + 1
        }
        return size
    }

    /// Collects documents through one; false when there was no room for all.
    private mutating func collect(
        through last: UInt32, _ joint: borrowing JointLevels, _ bytes: Span<UInt8>,
        into documents: inout [UInt32], _ size: inout Int
    ) -> Bool {
        while document <= last {
            let first = Int(document >> 6)
            let count = min(wordCount(filling: documents.count - size), Int(last >> 6) - first + 1)
            Self.makeWords(&words, &part, first, count, test, joint, bytes)
            let end = min(last, UInt32(64 * (first + count) - 1))
            let before = size
            document = CandidateKernels.collect(
                &words, count, from: document, through: end, into: &documents, &size)
            let made = Int(min(document, end) >> 6) - first + 1
            passing = (passing + Float(size - before) / Float(made)) / 2
            if document <= end { return false }
        }
        return true
    }

    /// How many words should have so many passing documents.
    private func wordCount(filling room: Int) -> Int {
        let count = Float(room) / max(passing, 1 / Float(Self.mostWords))
        return max(Self.fewestWords, Int(min(count, Float(Self.mostWords))))
    }

    /// Makes the words of documents that pass the test, of some 64 documents each.
    private static func makeWords(
        _ words: inout [UInt64], _ part: inout [UInt64], _ first: Int, _ count: Int,
        _ test: borrowing LevelTest, _ joint: borrowing JointLevels, _ bytes: Span<UInt8>
    ) {
        var words = words.mutableSpan
        var part = part.mutableSpan
        var step = CandidateKernels.WordStep.take
        for number in test.alternatives.indices {
            let levels = test.alternatives[number].levels
            step = .take
            for list in 0..<LevelTest.mostWeighed where levels[list] > 0 {
                let level = levels[list]
                if number == 0 {
                    joint.combine(&words, first, count, list, atLeast: level, step, bytes)
                } else {
                    joint.combine(&part, first, count, list, atLeast: level, step, bytes)
                }
                step = .intersect
            }
            if number > 0 { CandidateKernels.unite(&words, count, with: part.span) }
        }
        for condition in test.conditions {
            joint.combine(
                &words, first, count, condition.list, atLeast: condition.level, step, bytes)
            step = .intersect
        }
    }
}
