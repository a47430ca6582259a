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
    /// A test that lets through more is not worth its while.
    private static let mostScored: Float = 0.9

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

    /// Whether documents of a phrase are scored at all before their positions are read: not where
    /// their own scores drop next to none, but now and then.
    mutating func isScoringWorthwhile(needed: Float) -> Bool {
        guard needed > -.infinity else { return false }
        if scored < Self.mostScored { return true }
        blocksToTry -= 1
        guard blocksToTry <= 0 else { return false }
        blocksToTry = Self.blocksPerTry
        return true
    }

    /// Records how many of some documents their scores left.
    mutating func recordScored(kept: Int, of count: Int) {
        scored += (Float(kept) / Float(max(1, count)) - scored) / 2
    }

    /// Records how many of a block's documents passed the test that came first.
    mutating func record(scoredFirst: Bool, kept: Int, of count: Int) {
        if scoredFirst { return recordScored(kept: kept, of: count) }
        masked += (Float(kept) / Float(max(1, count)) - masked) / 2
    }
}
