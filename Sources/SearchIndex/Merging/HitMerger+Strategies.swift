extension HitMerger {
    /// The hits at `offset` and the `limit - 1` after it of the list that a strategy makes.
    ///
    /// - Parameters:
    ///   - lists: one for each shard, in the order of the shards; of lowest scores, these first.
    ///   - id: of a hit; documents of several indexes with one id are one to fusion.
    ///   - precedes: the order of every list, a strict weak order.
    /// - Complexity: O(hits log lists) at most.
    @inlinable
    public static func merge<Hit>(
        _ lists: [ShardList<Hit>], by strategy: MergeStrategy, offset: Int, limit: Int,
        id: (Hit) -> ArraySlice<UInt8>, precedes: (Hit, Hit) -> Bool
    ) -> [MergedHit] {
        // Not by key paths: those of a generic type are made anew at every call.
        merge(
            counts: lists.map { $0.hits.count }, indexes: lists.map { $0.index }, by: strategy,
            offset: offset, limit: limit, id: { id(lists[$0.source].hits[$0.index]) }
        ) { left, right in
            precedes(lists[left.source].hits[left.index], lists[right.source].hits[right.index])
        }
    }

    /// The same for lists that are known by their lengths and indexes, one each, and their hits by their
    /// places.
    @usableFromInline
    package static func merge(
        counts: [Int], indexes: [Int], by strategy: MergeStrategy, offset: Int, limit: Int,
        id: (MergedHit) -> ArraySlice<UInt8>, precedes: (MergedHit, MergedHit) -> Bool
    ) -> [MergedHit] {
        switch strategy {
        case .scoreDescending, .scoreAscending:
            return merge(counts: counts, offset: offset, limit: limit, precedes: precedes)
        case .nodeOrder:
            let places = counts.indices.lazy.flatMap { source in
                (0..<counts[source]).lazy.map { MergedHit(source: source, index: $0) }
            }
            return Array(places.dropFirst(max(0, offset)).prefix(max(0, limit)))
        case .roundRobin:
            let places = (0..<(counts.max() ?? 0)).lazy.flatMap { index in
                counts.indices.lazy.filter { index < counts[$0] }
                    .map { MergedHit(source: $0, index: index) }
            }
            return Array(places.dropFirst(max(0, offset)).prefix(max(0, limit)))
        case .reciprocalRankFusion:
            let depth = strategy.depth(for: max(0, offset).addingClamped(max(0, limit)))
            let fused = fused(counts, indexes, depth: depth, id: id, precedes: precedes)
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
    private static func fused(
        _ counts: [Int], _ indexes: [Int], depth: Int,
        id: (MergedHit) -> ArraySlice<UInt8>, precedes: (MergedHit, MergedHit) -> Bool
    ) -> [MergedHit] {
        var positions: [ArraySlice<UInt8>: Int] = [:]
        var fused: [MergedHit] = []
        for index in Set(indexes).sorted() {
            let sources = indexes.indices.filter { indexes[$0] == index }
            func place(_ hit: MergedHit) -> MergedHit {
                MergedHit(source: sources[hit.source], index: hit.index)
            }
            let merged = merge(
                counts: sources.map { counts[$0] }, offset: 0, limit: depth
            ) { precedes(place($0), place($1)) }
            for (rank, hit) in merged.enumerated() {
                var hit = place(hit)
                let share = 1 / (fusionConstant + Float(rank + 1))
                if let known = positions[id(hit)] {
                    fused[known].fusedScore? += share
                } else {
                    positions[id(hit)] = fused.count
                    hit.fusedScore = share
                    fused.append(hit)
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
