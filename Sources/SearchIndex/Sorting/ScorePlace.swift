/// A place in a list ranked by scores: that of a hit, or between two.
public struct ScorePlace: Sendable, Hashable {
    /// The score of the hit; not NaN.
    public let score: Float
    /// The order key of the hit.
    public let orderKey: OrderKey

    /// A place.
    public init(score: Float, orderKey: OrderKey) {
        self.score = score
        self.orderKey = orderKey
    }

    /// The place of a hit.
    public init(_ hit: RankedHit) { self.init(score: hit.score, orderKey: hit.orderKey) }
}
