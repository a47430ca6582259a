package import SearchIndex

/// A hit of one shard, in a list ranked by scores or sorted by columns.
package struct FoundHit: Hashable, Sendable {
    /// Score, order key and id; the score is 0 in a sorted list.
    package let ranked: RankedHit
    /// One value for each sort key; empty in a ranked list.
    package let values: [FieldValue?]

    package init(_ ranked: RankedHit, values: [FieldValue?] = []) {
        self.ranked = ranked
        self.values = values
    }

    package init(_ sorted: SortedHit) {
        self.init(
            RankedHit(score: 0, orderKey: sorted.tuple.orderKey, id: sorted.id),
            values: sorted.tuple.values)
    }

    package var tuple: SortTuple { SortTuple(values: values, orderKey: ranked.orderKey) }

    /// Whether this hit stands before `other` in every list with these keys, or without any in
    /// every list ranked by scores.
    package func precedes(
        _ other: FoundHit, by keys: [SortKey], lowestFirst: Bool = false
    ) -> Bool {
        if keys.isEmpty {
            return lowestFirst
                ? ranked.precedesAscending(other.ranked) : ranked.precedes(other.ranked)
        }
        return sorted.precedes(other.sorted, by: keys)
    }

    /// The hit with the score that fusion gave it.
    package func fused(_ score: Float) -> FoundHit {
        FoundHit(
            RankedHit(score: score, orderKey: ranked.orderKey, id: ranked.id), values: values)
    }

    /// In the engine's words; which shard it is in does not matter to the order.
    private var sorted: SortedHit { SortedHit(tuple: tuple, id: ranked.id, shard: ShardNumber(0)) }
}

/// A place in the list that a shard's hits are part of.
package struct SearchPlace: Hashable, Sendable {
    package let score: Float
    /// One value for each sort key, and the order key.
    package let tuple: SortTuple
    /// Whether a hit at this very place counts as behind it.
    package let includesPlace: Bool

    package init(score: Float, tuple: SortTuple, includesPlace: Bool) {
        self.score = score
        self.tuple = tuple
        self.includesPlace = includesPlace
    }

    /// The place in a list ranked by scores that wanted hits are behind.
    package var scorePlace: ScorePlace {
        let place = ScorePlace(score: score, orderKey: tuple.orderKey)
        return includesPlace ? place.before : place
    }
}
