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
    private var scored = RecentShare()
    private var masked = RecentShare()
    private var blocksToTry = 0

    /// Whether the next block's documents are scored first; never while there is no threshold.
    mutating func scoresFirst(needed: Float) -> Bool {
        guard needed > -.infinity else { return false }
        blocksToTry -= 1
        let isBetter = Self.scoreCost * (1 - masked.value) < Self.maskCost * (1 - scored.value)
        guard blocksToTry <= 0 else { return isBetter }
        blocksToTry = Self.blocksPerTry
        return true
    }

    /// Records how many of a block's documents passed the test that came first.
    mutating func record(scoredFirst: Bool, kept: Int, of count: Int) {
        if scoredFirst {
            scored.record(kept: kept, of: count)
        } else {
            masked.record(kept: kept, of: count)
        }
    }
}

/// The share of documents that passed a test of late: each batch counts half, all before it the
/// other half.
struct RecentShare {
    private(set) var value: Float = 0.5

    /// Records how many of a batch's documents passed.
    mutating func record(kept: Int, of count: Int) {
        value += (Float(kept) / Float(max(1, count)) - value) / 2
    }
}
