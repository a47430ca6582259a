/// Which documents of dense lists can reach a threshold, said with comparisons of levels only: at
/// least one of some alternatives, and all of some conditions.
///
/// Of two lists, a document at a level of the first needs some level of the second: the pairs of
/// levels that are just enough form stairs, and a document must lie on or above one of the steps. Of
/// three lists each level of the first has such stairs. Further lists only count with what they can
/// add at most.
struct LevelTest {
    /// Levels that the first lists must have, 0 for any.
    struct Alternative {
        var levels: InlineArray<3, Int>

        /// Whether all but the first list's level are those of another.
        func hasSameOthers(_ other: Alternative) -> Bool {
            levels[1] == other.levels[1] && levels[2] == other.levels[2]
        }
    }

    /// A list, and the level that documents must have in it.
    struct Condition {
        let list: Int
        let level: Int
    }

    /// What is needed, for which the test was made.
    private(set) var needed = Float.nan
    private(set) var alternatives: [Alternative] = []
    /// What must hold besides.
    private(set) var conditions: [Condition] = []
    /// Whether no document can reach what is needed.
    private(set) var isImpossible = false
    /// The comparisons of levels that are made for each 64 documents.
    private(set) var comparisonCount = 0

    /// Whether all it asks is that a document be in the first list.
    var isTrivial: Bool {
        guard !isImpossible, comparisonCount == 1 else { return false }
        if let only = alternatives.first { return only.levels[0] == 1 }
        return conditions.first.map { $0.list == 0 && $0.level == 1 } ?? false
    }

    /// The most lists whose levels are weighed against each other.
    static let mostWeighed = 3

    /// Forgets for which lists it was made.
    mutating func forget() { needed = .nan }

    /// Makes it the test for some lists, if it is not. `needed` is lowered by more than rounding can
    /// have cost.
    mutating func set(_ joint: borrowing JointLevels, needed: Float) {
        guard needed != self.needed else { return }
        self.needed = needed
        alternatives.removeAll(keepingCapacity: true)
        conditions.removeAll(keepingCapacity: true)
        isImpossible = false
        let isOpen = !(needed > -.infinity)
        let lowered = isOpen ? -.infinity : needed - abs(needed) * 1e-5
        if joint.isPhrase || isOpen {
            for list in 0..<joint.count { require(list, of: joint, reaching: lowered) }
        } else {
            weigh(joint, lowered)
        }
        comparisonCount = conditions.count
        for alternative in alternatives {
            for list in 0..<Self.mostWeighed where alternative.levels[list] > 0 {
                comparisonCount += 1
            }
        }
    }

    private mutating func weigh(_ joint: borrowing JointLevels, _ needed: Float) {
        let weighed = min(Self.mostWeighed, joint.count)
        var others = joint.rest
        for list in weighed..<joint.count {
            others += joint.maximum(list)
            require(list, of: joint, reaching: needed - joint.maximum(besides: list))
        }
        for level in joint.levels[0].reversed() {
            let before = alternatives.count
            appendStairs(joint, weighed, level, needed - others - joint.score(0, level))
            // Lower levels need more.
            guard alternatives.count > before else { break }
            dropRepeated(from: before)
        }
        isImpossible = isImpossible || alternatives.isEmpty
    }

    /// Adds the stairs of the lists behind the first, of which a level is given.
    private mutating func appendStairs(
        _ joint: borrowing JointLevels, _ weighed: Int, _ first: Int, _ needed: Float
    ) {
        guard weighed > 1 else {
            if needed <= 0 { alternatives.append(Alternative(levels: [first, 0, 0])) }
            return
        }
        let start = alternatives.count
        for level in joint.levels[1].reversed() {
            let missing = needed - joint.score(1, level)
            let third = weighed > 2 ? joint.level(2, reaching: missing) : missing <= 0 ? 0 : nil
            guard let third else { return }
            if alternatives.count > start, alternatives[alternatives.count - 1].levels[2] == third {
                alternatives.removeLast()
            }
            alternatives.append(Alternative(levels: [first, level, third]))
        }
    }

    /// Drops the alternatives of the first list's next higher level if those from `start` on are the
    /// same but for it: whoever passes them passes these.
    private mutating func dropRepeated(from start: Int) {
        let count = alternatives.count - start
        guard start >= count else { return }
        for index in start..<alternatives.count
        where !alternatives[index].hasSameOthers(alternatives[index - count]) {
            return
        }
        // Those before must be all of their level.
        let level = alternatives[start - 1].levels[0]
        if start > count, alternatives[start - count - 1].levels[0] == level { return }
        alternatives.removeSubrange(start - count..<start)
    }

    /// Adds the condition that a list reaches a score by itself.
    private mutating func require(
        _ list: Int, of joint: borrowing JointLevels, reaching score: Float
    ) {
        guard let level = joint.level(list, reaching: score) else {
            isImpossible = true
            return
        }
        if level > 0 { conditions.append(Condition(list: list, level: level)) }
    }
}
