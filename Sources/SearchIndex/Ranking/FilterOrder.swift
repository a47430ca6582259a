/// Decides for each block of a leader what its documents meet first: the threshold, by their own
/// scores or by impact codes that bound them, or the mask of an intersection's other lists.
///
/// All orders give the same candidates; they differ in how many documents each test sees, and so in
/// what they take. Shares are learnt from the blocks before; the threshold only rises, so that it is
/// tried again at intervals.
struct FilterOrder {
    /// What a document meets first.
    enum First {
        case mask
        case scores
        case impacts
    }

    /// What there is to choose from, beside scores.
    struct Choices {
        /// Whether there is a mask.
        let mask: Bool
        /// The codes to be read for a document of the leader; nil without impact maps.
        let codes: Float?
    }

    // What a document takes, in units of about a nanosecond: to be decoded; to be scored then; a code
    // that is read; to be scored when it was found by its codes; to meet a mask, which is made of
    // several blocks first; to be looked up when it is left.
    private static let decodingCost: Float = 1
    private static let scoreCost: Float = 1.5
    private static let codeCost: Float = 0.15
    private static let foundCost: Float = 6
    private static let maskCost: Float = 2
    private static let lookupCost: Float = 2
    /// Batches between two tries of the threshold first.
    private static let batchesPerTry = 8

    /// The share of documents that passed each test when it came first.
    private var scored = RecentShare()
    private var found = RecentShare()
    private var masked = RecentShare()
    private var batchesToTry = 0

    /// What the next block's documents meet first; never the threshold while there is none.
    mutating func next(needed: Float, _ choices: Choices) -> First {
        guard needed > -.infinity else { return choices.mask ? .mask : .scores }
        let scores = Self.decodingCost + Self.scoreCost + Self.lookupCost * scored.value
        let impacts =
            choices.codes.map {
                Self.codeCost * $0 + (Self.foundCost + Self.lookupCost) * found.value
            } ?? .infinity
        let mask =
            choices.mask
            ? Self.decodingCost + Self.maskCost + Self.scoreCost * masked.value : .infinity
        batchesToTry -= 1
        if batchesToTry <= 0 {
            batchesToTry = Self.batchesPerTry
            return choices.codes != nil ? .impacts : .scores
        }
        if mask < min(scores, impacts) { return .mask }
        return impacts < scores ? .impacts : .scores
    }

    /// Records how many of some documents passed the test that came first.
    mutating func record(_ first: First, kept: Int, of count: Int) {
        switch first {
        case .mask: masked.record(kept: kept, of: count)
        case .scores: scored.record(kept: kept, of: count)
        case .impacts: found.record(kept: kept, of: count)
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
