extension HitMerger {
    /// The hits at `offset` and the `limit - 1` after it of the list that a strategy makes.
    ///
    /// - Parameters:
    ///   - lists: one for each shard, in the order of the shards; of lowest scores, these first.
    ///   - id: of a hit; documents of several indexes with one id are one to fusion.
    ///   - precedes: the order of every list, a strict weak order.
    /// - Complexity: O(hits log lists) at most.
    public static func merge<Hit>(
        _ lists: [ShardList<Hit>], by strategy: MergeStrategy, offset: Int, limit: Int,
        id: (Hit) -> ArraySlice<UInt8>, precedes: (Hit, Hit) -> Bool
    ) -> [MergedHit] {
        // Not by key paths: those of a generic type are made anew at every call.
        let hits = lists.map { $0.hits }
        switch strategy {
        case .scoreDescending, .scoreAscending:
            return merge(hits, offset: offset, limit: limit, precedes: precedes)
        case .nodeOrder:
            let places = hits.indices.lazy.flatMap { source in
                hits[source].indices.lazy.map { MergedHit(source: source, index: $0) }
            }
            return Array(places.dropFirst(max(0, offset)).prefix(max(0, limit)))
        case .roundRobin:
            let longest = hits.map { $0.count }.max() ?? 0
            let places = (0..<longest).lazy.flatMap { index in
                hits.indices.lazy.filter { index < hits[$0].count }
                    .map { MergedHit(source: $0, index: index) }
            }
            return Array(places.dropFirst(max(0, offset)).prefix(max(0, limit)))
        case .reciprocalRankFusion:
            let depth = strategy.depth(for: max(0, offset).addingClamped(max(0, limit)))
            let fused = fused(lists, depth: depth, id: id, precedes: precedes)
            return Array(fused.dropFirst(max(0, offset)).prefix(max(0, limit)))
        }
    }

    /// Reciprocal rank fusion: an id's score is the sum of 1 / (60 + rank) over the indexes' lists, its
    /// hit that of the first index that has it.
    ///
    /// Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
    /// Learning Methods", SIGIR 2009, section 2, with their constant. Of each index the first `depth` hits
    /// count: further ones are not known for any number of shards. Of equal scores the earlier index
    /// comes first, then the better rank.
    private static func fused<Hit>(
        _ lists: [ShardList<Hit>], depth: Int, id: (Hit) -> ArraySlice<UInt8>,
        precedes: (Hit, Hit) -> Bool
    ) -> [MergedHit] {
        var positions: [ArraySlice<UInt8>: Int] = [:]
        var fused: [MergedHit] = []
        for index in Set(lists.map { $0.index }).sorted() {
            let sources = lists.indices.filter { lists[$0].index == index }
            let merged = merge(
                sources.map { lists[$0].hits }, offset: 0, limit: depth, precedes: precedes)
            for (rank, place) in merged.enumerated() {
                let source = sources[place.source]
                let share = 1 / (fusionConstant + Float(rank + 1))
                if let known = positions[id(lists[source].hits[place.index])] {
                    fused[known].fusedScore? += share
                } else {
                    positions[id(lists[source].hits[place.index])] = fused.count
                    fused.append(
                        MergedHit(source: source, index: place.index, fusedScore: share))
                }
            }
        }
        // Stable: entries stand by index and rank.
        return fused.enumerated().sorted { left, right in
            let scores = (left.element.fusedScore ?? 0, right.element.fusedScore ?? 0)
            return scores.0 != scores.1 ? scores.0 > scores.1 : left.offset < right.offset
        }.map { $0.element }
    }

    private static let fusionConstant: Float = 60
}

extension Int {
    /// The sum, or the largest number if it is larger.
    fileprivate func addingClamped(_ other: Int) -> Int {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? .max : sum
    }
}
