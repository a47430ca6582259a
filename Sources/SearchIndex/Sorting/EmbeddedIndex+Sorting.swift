extension EmbeddedIndex {
    /// The first matching documents in the order of some columns, then of their order keys.
    ///
    /// Pages: give the tuple of a page's last hit as `after` to get the next one; pages of any
    /// size, one behind the other, are the whole list. Takes time linear in the matches.
    ///
    /// - Parameters:
    ///   - keys: at most `SortKey.maximumKeys` fields with columns.
    ///   - after: the hits behind this place, which need not be that of a document.
    ///   - offset: how many hits of the list, or behind `after`, are left out.
    ///   - limits: how many terms of a shard a pattern may stand for.
    /// - Throws: `sort` for keys or a place that do not fit the schema; else as the search by score.
    public func search(
        _ query: Query, sort keys: [SortKey], after: SortTuple? = nil, limit: Int, offset: Int = 0,
        limits: ExpansionLimits = ExpansionLimits(), control: SearchControl = .none
    ) throws(SearchError) -> SortedAnswer {
        do throws(SortError) {
            try SortKey.check(keys, after: after, schema: description.schema)
        } catch {
            throw .sort(error)
        }
        var meter = WorkMeter(control: control)
        let query = try rewritten(query, &meter)
        let (sum, overflow) = max(0, limit).addingReportingOverflow(max(0, offset))
        let k = overflow ? Int.max : sum
        var lists: [[SortedHit]] = []
        var total = TotalHits(count: 0, isExact: true)
        var cuts: [ShardCut] = []
        for shard in shards {
            let found = try shard.search(
                query, sort: keys, k: k, statistics: description.statistics, limits: limits,
                after: after, control: control)
            lists.append(found.hits)
            total = total + found.total
            if let cut = found.cut { cuts.append(ShardCut(shard: shard.shard.number, cut: cut)) }
        }
        let merged = HitMerger.merge(lists, offset: offset, limit: limit) {
            $0.precedes($1, by: keys)
        }
        return SortedAnswer(
            hits: merged.map { lists[$0.source][$0.index] }, total: total, cuts: cuts)
    }

    /// The stored JSON of a hit of this index.
    public func document(of hit: SortedHit) throws(IndexError) -> [UInt8] {
        try document(hit.tuple.orderKey, in: hit.shard)
    }
}
