extension ShardSearcher {
    /// The first `limit` matching documents of the shard in the order of some columns, behind a
    /// tuple if one is given.
    ///
    /// Looks at the sort values of every matching document; scores are not computed. The keys must
    /// have been checked.
    func sorted(
        _ query: Query, by keys: [SortKey], after: SortTuple?, limit: Int,
        statistics: CollectionStatistics, meter: inout WorkMeter
    ) throws(SearchError) -> SortedAnswer {
        var collector = SortedCollector(keys, limit: limit, after: after)
        var total: UInt64 = 0
        for context in contexts.contexts(of: shard, statistics) {
            let segment = shard.segments[context.number]
            let matches = try context.matches(of: query, &meter)
            total += UInt64(matches.count)
            let sorter = ColumnSorter(keys, in: segment)
            var next = matches.next(from: 0)
            while let document = next {
                try meter.spend(1)
                let number = DocumentNumber(document)
                let tuple = try SearchError.wrapping { () throws(IndexError) in
                    try sorter.tuple(of: number)
                }
                collector.offer(
                    .init(
                        tuple: tuple,
                        document: SegmentDocument(segment: context.number, document: number)))
                next = document < .max ? matches.next(from: document + 1) : nil
            }
        }
        var hits: [SortedHit] = []
        for candidate in collector.ranked() {
            let place = candidate.document
            let id = try SearchError.wrapping { () throws(IndexError) in
                try shard.segments[place.segment].id(of: place.document)
            }
            hits.append(SortedHit(tuple: candidate.tuple, id: id, shard: shard.number))
        }
        return SortedAnswer(hits: hits, totalHits: total)
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
            switch error {
            case .malformed(let problem): throw corrupt(problem)
            case .search(let error): throw error
            }
        }
    }
}
