/// Decides for each block of an intersection's leader what its documents meet first: the threshold,
/// by their own scores, or the mask of the other lists.
///
/// Both orders give the same candidates; they differ in how many documents the second test sees.
/// For independent tests the one with the lower (cost / documents it drops) goes first. Shares are
/// learnt from the blocks before; the threshold only rises, so both are tried again at intervals.
struct FilterOrder {
    /// What a test of one document takes, relative to another: scoring loads a length and a ratio, a
    /// mask is made of several blocks first.
    private static let scoreCost: Float = 1.5
    private static let maskCost: Float = 2
    /// Blocks between two tries of scores first.
    private static let blocksPerTry = 8

    /// The share of documents that passed each test when it came first.
    private var scored: Float = 0.5
    private var masked: Float = 0.5
    private var blocksToTry = 0

    /// Whether the next block's documents are scored first; never while there is no threshold.
    mutating func scoresFirst(needed: Float) -> Bool {
        guard needed > -.infinity else { return false }
        blocksToTry -= 1
        let isBetter = Self.scoreCost * (1 - masked) < Self.maskCost * (1 - scored)
        guard blocksToTry <= 0 else { return isBetter }
        blocksToTry = Self.blocksPerTry
        return true
    }

    /// Records how many of a block's documents passed the test that came first.
    mutating func record(scoredFirst: Bool, kept: Int, of count: Int) {
        let share = Float(kept) / Float(max(1, count))
        if scoredFirst {
            scored += (share - scored) / 2
        } else {
            masked += (share - masked) / 2
        }
    }
}

/// Decides whether a test that may drop documents before their positions are read is worth its
/// while: not where it drops next to none, but it is tried now and then.
struct OptionalTest {
    /// A test that lets through more is left out.
    private static let mostKept: Float = 0.9
    /// Batches between two tries.
    private static let batchesPerTry = 8

    /// The share of documents that passed of late.
    private var kept: Float = 0.5
    private var batchesToTry = 0

    /// Whether to test the next batch; never while there is no threshold.
    mutating func isWorthwhile(needed: Float) -> Bool {
        guard needed > -.infinity else { return false }
        if kept < Self.mostKept { return true }
        batchesToTry -= 1
        guard batchesToTry <= 0 else { return false }
        batchesToTry = Self.batchesPerTry
        return true
    }

    /// Records how many of a batch's documents passed.
    mutating func record(kept: Int, of count: Int) {
        self.kept += (Float(kept) / Float(max(1, count)) - self.kept) / 2
    }
}
