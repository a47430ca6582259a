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

extension ScorePlace {
    /// A place just before this one: nothing but a hit at this very place is between them.
    package var before: ScorePlace {
        orderKey.rawValue > 0
            ? ScorePlace(score: score, orderKey: OrderKey(orderKey.rawValue - 1))
            : ScorePlace(score: score.nextUp, orderKey: OrderKey(.max))
    }
}
