extension ShardSearcher {
    /// The first `k` matching documents of the shard in the order of some columns, behind a tuple if
    /// one is given.
    ///
    /// Looks at the sort values of every matching document; scores are not computed. Keys and tuple
    /// must fit the schema (`SortKey.check`); a key whose field has no column here has no values.
    ///
    /// - Parameters:
    ///   - statistics: of the whole index.
    ///   - limits: how many terms of the shard a pattern may stand for.
    ///   - includesPlace: whether a document at the very place `after` is wanted too.
    /// - Throws: as the search by score.
    public func search(
        _ query: Query, sort keys: [SortKey], k: Int, statistics: CollectionStatistics,
        limits: ExpansionLimits = ExpansionLimits(), after: SortTuple? = nil,
        includesPlace: Bool = false, control: SearchControl = .none
    ) throws(SearchError) -> SortedShardHits {
        var collector = SortedCollector(
            keys, limit: k, after: after, includesPlace: includesPlace)
        var count: UInt64 = 0
        var meter = WorkMeter(control: control)
        let scope = try SearchScope(query, in: shard.segments, limits: limits, meter: &meter)
        for context in contexts.contexts(of: shard, statistics, schema) {
            let matches = try context.within(scope).matches(of: query, &meter)
            count += UInt64(matches.count)
            try offer(matches, of: context.number, sortedBy: keys, to: &collector, &meter)
        }
        return SortedShardHits(
            hits: try sorted(collector),
            total: TotalHits(count: count, isExact: scope.cut == nil),
            coveredDocuments: shard.coveredDocuments(scope.cut), cut: scope.cut)
    }

    /// Offers every document of a set of a segment with its tuple.
    private func offer(
        _ matches: DocumentSet, of number: Int, sortedBy keys: [SortKey],
        to collector: inout SortedCollector, _ meter: inout WorkMeter
    ) throws(SearchError) {
        let sorter = ColumnSorter(keys, in: shard.segments[number])
        var fence: ColumnFence?
        var changes = -1
        var next = matches.next(from: 0)
        while let document = next {
            next = document < .max ? matches.next(from: document + 1) : nil
            try meter.spend(1)
            let place = SegmentDocument(segment: number, document: DocumentNumber(document))
            let tuple = try SearchError.wrapping { () throws(IndexError) -> SortTuple? in
                if collector.changes != changes {
                    changes = collector.changes
                    fence = try sorter.fence(of: collector.last)
                }
                // Most documents of a long list are dropped here, by their first value alone.
                if let fence, try !sorter.admits(place.document, fence) { return nil }
                return try sorter.tuple(of: place.document)
            }
            if let tuple { collector.offer(.init(tuple: tuple, document: place)) }
        }
    }

    /// The hits of what a search kept, in order.
    private func sorted(
        _ collector: consuming SortedCollector
    ) throws(SearchError) -> [SortedHit] {
        var hits: [SortedHit] = []
        for candidate in collector.ranked() {
            let place = candidate.document
            let id = try SearchError.wrapping { () throws(IndexError) in
                try shard.segments[place.segment].id(of: place.document)
            }
            hits.append(SortedHit(tuple: candidate.tuple, id: id[...], shard: shard.number))
        }
        return hits
    }
}

extension SegmentContext {
    /// The documents that match, outside of the list algorithms.
    fileprivate func matches(
        of query: Query, _ meter: inout WorkMeter
    ) throws(SearchError) -> DocumentSet {
        do throws(ListFailure) {
            return try documents(matching: query, &meter)
        } catch {
            throw searchError(error)
        }
    }
}
