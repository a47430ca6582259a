package import SearchIndex

extension WorkerJob {
    /// Work, in postings, and hits up to which a search takes less than to hand it to another thread and to be
    /// woken by its end, which is some 30 µs.
    private static let smallWork = 1_024
    private static let smallHits = 100

    /// Whether the worker's own thread may do the job, and hold up nothing for longer than by reading a
    /// message: it is a search of few postings without documents.
    ///
    /// Looks up the terms of the query in the shard. A shard that cannot be read is for a search thread,
    /// which says so.
    package func isSmall(in searcher: ShardSearcher) -> Bool {
        guard case .search(let search) = kind, search.k <= Self.smallHits, search.sort.isEmpty,
            !search.lowest, search.documentsFrom == nil
        else { return false }
        let work = try? searcher.work(
            of: search.query, statistics: search.statistics, totals: search.totals,
            atMost: Self.smallWork)
        return work != nil
    }
}
