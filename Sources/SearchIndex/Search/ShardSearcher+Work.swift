/// How much a search will look at, known before it is run.
extension ShardSearcher {
    /// Terms looked up, over all segments.
    private static let mostLookups = 32
    /// Words of a set of documents that take as long as a posting.
    private static let wordsOfAPosting = 8

    /// What a search of terms takes at the most, as a number of postings: those of its terms, and the passes
    /// over sets of all documents in which matches are counted.
    ///
    /// Takes a lookup for each term and segment, most of which the search that follows need not do again.
    ///
    /// - Parameters:
    ///   - statistics: those that the search will be given.
    ///   - totals: as the search will count.
    ///   - limit: nil is returned as soon as it takes more.
    /// - Returns: nil also for queries that are not answered from the lists of terms alone, and where more than
    ///   32 lookups, or tables for other statistics than those of the search before, would be needed.
    /// - Throws: `index` for damaged files.
    package func work(
        of query: Query, statistics: CollectionStatistics, totals: TotalCounting, atMost limit: Int
    ) throws(SearchError) -> Int? {
        guard let terms = ListPlan.terms(of: query, atMost: Self.mostLookups),
            let contexts = contexts.contextsAtHand(statistics),
            contexts.count * terms.count <= Self.mostLookups
        else { return nil }
        var work = 0
        for context in contexts {
            var lists = 0
            for term in terms.optional + terms.deciding where work <= limit {
                let postings = try context.documentFrequency(of: term)
                work += postings
                if postings > 0 { lists += 1 }
            }
            // One list without exceptions is its own count.
            if totals != .none, lists > 1 || context.deleted != nil {
                work +=
                    passes(over: context, terms) * context.documentCount / 64
                    / Self.wordsOfAPosting
            }
            if work > limit { return nil }
        }
        return work
    }

    /// Passes over a set of all documents in which the matches of some terms are counted: to make it and to
    /// count it, to make and to heed the set of each term that decides, and to leave out what was deleted.
    private func passes(over context: SegmentContext, _ terms: ListPlan.Terms) -> Int {
        2 + 2 * terms.deciding.count + (context.deleted == nil ? 0 : 1)
    }
}
