/// How the hits of several shards, of one index or of several, become one list.
///
/// Offset and limit count in the one list, whatever the strategy. Shards go by the order in which
/// their indexes are asked, then by number; which replica answered does not matter.
public enum MergeStrategy: String, Sendable, CaseIterable {
    /// The highest scores first; in a search with sort keys, in the order of the keys.
    case scoreDescending = "score_desc"
    /// The lowest scores of all matches first.
    case scoreAscending = "score_asc"
    /// All hits of the first shard, then all of the second, and so on.
    case nodeOrder = "node_order"
    /// The best hit of every shard, then the second best of every shard, and so on.
    case roundRobin = "round_robin"
    /// By the ranks that an id has in the lists of the indexes, for indexes whose scores do not compare.
    case reciprocalRankFusion = "reciprocal_rank_fusion"

    /// How many hits each shard must give so that the first `count` of the merged list are known.
    ///
    /// Fusion looks at the best 100 of each index at least: further ranks add next to nothing, and the
    /// first pages then agree with each other.
    public func depth(for count: Int) -> Int {
        self == .reciprocalRankFusion ? max(count, Self.fusionDepth) : count
    }

    /// Whether a place in the list can be gone on from: an order of the documents themselves.
    public var hasPlaces: Bool { self == .scoreDescending }

    private static let fusionDepth = 100
}

/// The hits of one shard, and the index they are of.
public struct ShardList<Hit> {
    /// In the order of the shard's list.
    public let hits: [Hit]
    /// Which of the indexes asked.
    public let index: Int

    /// The hits of a shard.
    public init(hits: [Hit], index: Int) {
        self.hits = hits
        self.index = index
    }
}
