/// How much a search will look at, known before it is run.
extension ShardSearcher {
    /// Terms of a query that are looked up.
    private static let mostTerms = 16

    /// The postings of all terms of a query: the search looks at no more.
    ///
    /// Takes a lookup for each term and segment, most of which the search that follows need not do again.
    ///
    /// - Parameters:
    ///   - statistics: those that the search will be given.
    ///   - limit: nil is returned as soon as there are more.
    /// - Returns: nil also for queries that are not answered from the lists of terms alone, and for those
    ///   of more than 16: what they take is known only when they are run.
    /// - Throws: `index` for damaged files.
    package func postingCount(
        of query: Query, statistics: CollectionStatistics, atMost limit: Int
    ) throws(SearchError) -> Int? {
        guard let terms = ListPlan.terms(of: query), terms.count <= Self.mostTerms else {
            return nil
        }
        var count = 0
        for context in contexts.contexts(of: shard, statistics, schema) {
            for term in terms {
                count += try context.documentFrequency(of: term)
                if count > limit { return nil }
            }
        }
        return count
    }
}
