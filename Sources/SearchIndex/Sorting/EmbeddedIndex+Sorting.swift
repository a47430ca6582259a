extension EmbeddedIndex {
    /// The first matching documents in the order of some columns, then of their order keys.
    ///
    /// Pages: give the tuple of a page's last hit as `after` to get the next one; pages of any
    /// size, one behind the other, are the whole list. Takes time linear in the matches.
    ///
    /// - Parameters:
    ///   - keys: at most `SortKey.maximumKeys` fields with columns.
    ///   - after: the hits behind this place, which need not be that of a document.
    /// - Throws: `sort` for keys or a place that do not fit the schema; else as the search by score.
    public func search(
        _ query: Query, sort keys: [SortKey], after: SortTuple? = nil, limit: Int,
        control: SearchControl = .none
    ) throws(SearchError) -> SortedAnswer {
        do throws(SortError) {
            try SortKey.check(keys, after: after, schema: description.schema)
        } catch {
            throw .sort(error)
        }
        var meter = WorkMeter(control: control)
        let query = try rewritten(query, &meter)
        var hits: [SortedHit] = []
        var total: UInt64 = 0
        for shard in shards {
            let found = try shard.sorted(
                query, by: keys, after: after, limit: limit,
                statistics: description.statistics, meter: &meter)
            hits += found.hits
            total += found.totalHits
        }
        hits.sort { $0.tuple.precedes($1.tuple, by: keys) }
        return SortedAnswer(hits: Array(hits.prefix(max(0, limit))), totalHits: total)
    }

    /// The stored JSON of a hit of this index.
    public func document(of hit: SortedHit) throws(IndexError) -> [UInt8] {
        try document(hit.tuple.orderKey, in: hit.shard)
    }
}
