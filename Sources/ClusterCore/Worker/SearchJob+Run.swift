package import SearchIndex

extension WorkerJob.SearchJob {
    /// Searches one shard: in the order of sort keys, of lowest scores, or of best scores.
    ///
    /// Without the documents of the hits. Runs on the thread that calls; errors as the searcher's.
    package func hits(
        of searcher: ShardSearcher, control: SearchControl
    ) throws(SearchError) -> ShardAnswer {
        guard sort.isEmpty else {
            let found = try searcher.search(
                query, sort: sort, k: k, statistics: statistics, limits: limits,
                after: after?.tuple, includesPlace: after?.includesPlace ?? false,
                control: control)
            return ShardAnswer(
                hits: found.hits.map { FoundHit($0) },
                total: found.total, coveredDocuments: found.coveredDocuments, cut: found.cut)
        }
        let floor = floor?.value
        let found =
            lowest
            ? try searcher.searchLowest(
                query, k: k, statistics: statistics, limits: limits, control: control)
            : try searcher.search(
                query, k: k, statistics: statistics, totals: totals, floor: floor,
                limits: limits, after: after?.scorePlace, control: control)
        if k > 0, found.hits.count == k, let last = found.hits.last {
            self.floor?.raise(to: last.score)
        }
        var answer = ShardAnswer(
            hits: found.hits.map { FoundHit($0) }, total: found.total,
            coveredDocuments: found.coveredDocuments, cut: found.cut)
        answer.scoredPostings = found.scoredPostings
        answer.floor = floor
        return answer
    }
}
