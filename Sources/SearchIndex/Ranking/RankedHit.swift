/// A document in a ranked list.
public struct RankedHit: Sendable, Hashable {
    /// The canonical score.
    public let score: Float
    /// What names the document in its index.
    public let orderKey: OrderKey
    /// The document's id, UTF-8 bytes: a part of what the ids of all hits of a search are kept in, so
    /// that indices do not start at zero.
    public let id: ArraySlice<UInt8>

    /// A hit.
    public init(score: Float, orderKey: OrderKey, id: ArraySlice<UInt8>) {
        self.score = score
        self.orderKey = orderKey
        self.id = id
    }

    /// Whether this hit stands before `other` in every ranked list: higher score, then lower
    /// order key, then lower id bytes.
    ///
    /// The one order of hits: shards, embedded search and brokers all use it, which is why any
    /// sharding gives the same list. Scores of searches are never NaN; from elsewhere, a NaN
    /// counts as equal to everything.
    public func precedes(_ other: RankedHit) -> Bool {
        if let decided = Self.precedes(score, orderKey, other.score, other.orderKey) {
            return decided
        }
        return id.lexicographicallyPrecedes(other.id)
    }

    /// The same order where the lowest scores come first; of equal scores the lower order key still
    /// does.
    public func precedesAscending(_ other: RankedHit) -> Bool {
        if let decided = Self.precedes(-score, orderKey, -other.score, other.orderKey) {
            return decided
        }
        return id.lexicographicallyPrecedes(other.id)
    }

    /// The order by score and order key alone; nil when both are equal.
    @inlinable
    package static func precedes(
        _ score: Float, _ orderKey: OrderKey, _ otherScore: Float, _ otherKey: OrderKey
    ) -> Bool? {
        if score > otherScore { return true }
        if score < otherScore { return false }
        return orderKey == otherKey ? nil : orderKey < otherKey
    }
}
