/// How much a search will look at, known before it is run.
extension ShardSearcher {
    /// Terms looked up, over all segments.
    private static let mostLookups = 32
    /// Words of a set of documents, and lookups in other lists, that take as long as a posting.
    private static let wordsOfAPosting = 8
    private static let lookupsOfAPosting = 8

    /// What a search of terms takes at the most, as a number of postings, about: those of its terms, the lookups
    /// of those that only add to scores in each other's lists, and the passes over sets of all documents in
    /// which matches are counted.
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
            let optional = try postings(of: terms.optional, in: context, atMost: limit)
            let deciding = try postings(of: terms.deciding, in: context, atMost: limit)
            work += optional.count + deciding.count
            work += optional.count * max(0, optional.lists - 1) / Self.lookupsOfAPosting
            let lists = optional.lists + deciding.lists
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

    /// The postings of some terms, or more than the limit, and the terms that have any.
    private func postings(
        of terms: [TermQuery], in context: SegmentContext, atMost limit: Int
    ) throws(SearchError) -> (count: Int, lists: Int) {
        var found = (count: 0, lists: 0)
        for term in terms where found.count <= limit {
            let count = try context.documentFrequency(of: term)
            found.count += count
            if count > 0 { found.lists += 1 }
        }
        return found
    }

    /// Passes over a set of all documents in which the matches of some terms are counted: to make it and to
    /// count it, to make and to heed the set of each term that decides, and to leave out what was deleted.
    private func passes(over context: SegmentContext, _ terms: ListPlan.Terms) -> Int {
        2 + 2 * terms.deciding.count + (context.deleted == nil ? 0 : 1)
    }
}
