/// The lists of a walk that have a bit for each document of the segment, and perhaps levels of
/// impact: the leader, which is in memory, first.
struct JointLevels {
    /// The documents of each list, and their levels.
    private var bits: [ListBits] = []
    /// What the lists add at most, by list times `levelLimit` plus level, from level 0 for documents
    /// without the term.
    private var scores: [Float] = []
    /// The levels of matches in each list: from 0 on if a match need not be in it.
    private(set) var levels: [ClosedRange<Int>] = []
    /// What all other lists can add.
    private(set) var rest: Float = 0
    /// Whether every list by itself must reach what is needed, as in a phrase, whose score none of its
    /// terms' exceeds.
    let isPhrase: Bool

    private static let levelLimit = ImpactLevels.highest + 1

    init(isPhrase: Bool) { self.isPhrase = isPhrase }

    /// Begins with the leader; nil when it is not in memory.
    init?(leader: borrowing TermList, isPhrase: Bool) {
        self.init(isPhrase: isPhrase)
        guard leader.resident != nil else { return nil }
        append(leader, isRequired: true)
    }

    /// Adds a list, or what it can add where it has no bits, or only bits and is not required.
    mutating func append(_ list: borrowing TermList, isRequired: Bool) {
        let impacts = list.impactWeight == nil ? nil : list.resident?.impacts
        guard impacts != nil || isRequired, let bits = ListBits(list) else {
            rest += list.maximum
            return
        }
        self.bits.append(bits)
        if let impacts, let weight = list.impactWeight {
            append(impacts.greatest.map { weight * $0 }, isRequired: isRequired)
        } else {
            append([0, list.maximum], isRequired: isRequired)
        }
    }

    /// Adds what a list adds at most at each level from 0 on, ascending.
    mutating func append(_ scores: [Float], isRequired: Bool) {
        levels.append((isRequired ? 1 : 0)...scores.count - 1)
        self.scores += scores
        self.scores += repeatElement(.infinity, count: Self.levelLimit - scores.count)
    }

    /// The number of lists.
    var count: Int { levels.count }

    /// Whether it tells more than that a document is the leader's.
    var isUseful: Bool { count > 1 || levels[0].upperBound > 1 }

    /// What a list adds at most to a document at a level.
    @inline(__always)
    func score(_ list: Int, _ level: Int) -> Float { scores[list * Self.levelLimit + level] }

    /// What a list adds at most.
    func maximum(_ list: Int) -> Float { score(list, levels[list].upperBound) }

    /// What all lists but one add at most, summed anew: a difference would have an error of the size of
    /// what is taken off.
    func maximum(besides left: Int) -> Float {
        var sum = rest
        for list in 0..<count where list != left { sum += maximum(list) }
        return sum
    }

    /// The lowest level of matches of a list that reaches a score; nil when none does.
    @inline(__always)
    func level(_ list: Int, reaching needed: Float) -> Int? {
        for level in levels[list] where score(list, level) >= needed { return level }
        return nil
    }

    /// Takes words, from `first` on, with the bits of the documents of a list from a level on, or
    /// intersects with them.
    ///
    /// - Parameter level: From 1 on.
    @inline(__always)
    func combine(
        _ words: inout MutableSpan<UInt64>, _ first: Int, _ count: Int, _ list: Int,
        atLeast level: Int, _ step: CandidateKernels.WordStep, _ bytes: Span<UInt8>
    ) {
        bits[list].combine(&words, first, count, atLeast: level, step, bytes)
    }
}
