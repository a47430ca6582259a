package import SearchIndex

extension WorkerJob {
    /// Postings and hits up to which a search takes less than to hand it to another thread and to be woken
    /// by its end, which is some 30 µs.
    private static let smallPostings = 1_024
    private static let smallHits = 100

    /// Whether the worker's own thread should do the job, and nobody waits for that longer than for a
    /// message to be read: few others are in hand, and it is a search of few postings without documents.
    ///
    /// Looks up the terms of the query in the shard. A shard that cannot be read is for a search thread,
    /// which says so.
    package func isSmall(in searcher: ShardSearcher) -> Bool {
        guard isAmongFew, case .search(let search) = kind, search.k <= Self.smallHits,
            search.sort.isEmpty, !search.lowest, search.documentsFrom == nil
        else { return false }
        let postings = try? searcher.postingCount(
            of: search.query, statistics: search.statistics, atMost: Self.smallPostings)
        return postings != nil
    }
}
