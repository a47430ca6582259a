/// Decides what a leader's next documents meet first: the threshold, by their own scores; the mask of
/// an intersection's other lists; or a test of the bits and impact levels of all dense lists, for
/// which the leader is not decoded.
///
/// All orders give the same candidates; they differ in how many documents each test sees, and so in
/// what they take. Shares are learnt from the blocks before; the threshold only rises, so that it is
/// tried again at intervals.
struct FilterOrder {
    /// What a document meets first.
    enum First {
        case mask
        case scores
        case levels
    }

    /// What there is to choose from, beside scores.
    struct Choices {
        /// Whether there is a mask.
        let mask: Bool
        /// The words of 64 bits to be compared for a document of the leader; nil where levels and bits
        /// tell nothing.
        let words: Float?
    }

    // What a document takes, in units of about a nanosecond: to be decoded; to be scored then; a word
    // that is compared; to be scored when it was gathered; to meet a mask, which is made of several
    // blocks first; to be looked up when it is left.
    private static let decodingCost: Float = 1
    private static let scoreCost: Float = 1.5
    private static let wordCost: Float = 0.2
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

    /// What the next documents meet first; never the threshold by scores while there is none.
    mutating func next(needed: Float, _ choices: Choices) -> First {
        guard needed > -.infinity else {
            return choices.words != nil ? .levels : choices.mask ? .mask : .scores
        }
        let scores = Self.decodingCost + Self.scoreCost + Self.lookupCost * scored.value
        let levels =
            choices.words.map {
                Self.wordCost * $0 + (Self.foundCost + Self.lookupCost) * found.value
            } ?? .infinity
        let mask =
            choices.mask
            ? Self.decodingCost + Self.maskCost + Self.scoreCost * masked.value : .infinity
        batchesToTry -= 1
        if batchesToTry <= 0 {
            batchesToTry = Self.batchesPerTry
            return choices.words != nil ? .levels : .scores
        }
        if mask < min(scores, levels) { return .mask }
        return levels < scores ? .levels : .scores
    }

    /// Records how many of some documents passed the test that came first.
    mutating func record(_ first: First, kept: Int, of count: Int) {
        switch first {
        case .mask: masked.record(kept: kept, of: count)
        case .scores: scored.record(kept: kept, of: count)
        case .levels: found.record(kept: kept, of: count)
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
