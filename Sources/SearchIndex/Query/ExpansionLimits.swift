/// How many terms a pattern may stand for.
public struct ExpansionLimits: Sendable, Hashable {
    /// What happens to a pattern that stands for more.
    public enum Excess: Sendable, Hashable {
        /// The search fails with `SearchError.tooManyTerms`.
        case refused
        /// The first terms in byte order are searched, and the answer says so (`PatternCut`); one that
        /// leaves documents out fails with `SearchError.tooManyExcludedTerms` all the same.
        case cut
    }

    /// The most terms of one pattern in one shard.
    public var maximumTerms: Int
    /// What happens beyond.
    public var excess: Excess

    /// Limits; the defaults are those of strict searches.
    public init(maximumTerms: Int = 1024, excess: Excess = .refused) {
        self.maximumTerms = maximumTerms
        self.excess = excess
    }
}
