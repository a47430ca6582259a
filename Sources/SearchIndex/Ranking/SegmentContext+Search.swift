extension SegmentContext {
    /// Offers every document that can be among the best, and counts as told.
    func search(
        _ query: Query, into collector: inout TopKCollector, totals: TotalCounting,
        meter: WorkMeter
    ) throws(SearchError) -> TotalHits {
        var meter = meter
        // Small searches end before they have looked at enough documents to ask.
        try meter.check()
        do throws(ListFailure) {
            let answered = try withBytes { (bytes) throws(ListFailure) -> TotalHits? in
                guard let plan = try ListPlan(query, self, bytes, &meter) else { return nil }
                return try search(
                    consume plan, into: &collector, totals: totals, meter, bytes)
            }
            if let answered { return answered }
        } catch {
            throw searchError(error)
        }
        var tree = try SegmentSearch(query, in: self, meter: meter)
        defer { collector.scoredPostings += tree.meter.spent - meter.spent }
        return try tree.run(into: &collector, totals: totals)
    }

    /// Offers every document with its score negated, and counts all.
    func searchLowest(
        _ query: Query, into collector: inout TopKCollector, meter: WorkMeter
    ) throws(SearchError) -> TotalHits {
        var tree = try SegmentSearch(query, in: self, meter: meter)
        return try tree.runLowest(into: &collector)
    }

    /// Answers by lists. Matches of phrases and of most intersections are counted on the way, others
    /// by themselves, as the search of the best passes over most of them.
    private func search(
        _ plan: consuming ListPlan, into collector: inout TopKCollector, totals: TotalCounting,
        _ meter: WorkMeter, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> TotalHits {
        if plan.isEmpty { return TotalHits(count: 0, isExact: true) }
        let isCounting =
            totals != .none && !plan.isCountedBySets(documentCount: documentCount)
        var total = TotalHits(count: 0, isExact: false)
        if totals != .none, !isCounting {
            var counter = ListCounter(copy plan, documentCount: documentCount, meter)
            total = try counter.count(totals, bytes)
        }
        // Not copied: the search changes its lists.
        var search = ListSearch(consume plan, self, isCounting: isCounting, meter)
        try search.run(into: &collector, bytes)
        collector.scoredPostings += search.meter.spent - meter.spent
        search.record(in: segment.cache, bytes)
        if isCounting { total = TotalHits(count: search.matchCount, isExact: true) }
        search.finish()
        return total
    }

    /// The documents of the segment that a query matches.
    func documents(
        matching query: Query, _ meter: inout WorkMeter
    ) throws(ListFailure) -> DocumentSet {
        do {
            var search = try SegmentSearch(query, in: self, meter: meter)
            return try search.allMatches()
        } catch {
            throw .search(error)
        }
    }
}
