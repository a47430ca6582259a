/// Searches one shard. Immutable: any number of threads may use one at once.
public struct ShardSearcher: Sendable {
    /// What is searched.
    public let shard: ShardReader
    /// The fields that queries may name.
    public let schema: Schema
    let contexts = ContextCache()

    /// A searcher of an opened shard.
    public init(shard: ShardReader, schema: Schema) {
        self.shard = shard
        self.schema = schema
    }

    /// The best `k` hits of a query, and how many documents match.
    ///
    /// A field or term that the shard lacks matches nothing there.
    ///
    /// - Parameters:
    ///   - k: 0 gives only the total.
    ///   - statistics: of the whole index, so that all shards score alike.
    ///   - totals: how exactly matches are counted.
    ///   - floor: a score that k documents of other shards are known to reach; hits below it are
    ///     left out, equal ones are not.
    ///   - limits: how many terms of the shard a pattern may stand for.
    ///   - after: only hits behind this place of the ranked list are wanted; `total` counts all.
    ///   - control: asked about every thousand documents whether to stop.
    /// - Returns: hits in the order of `RankedHit.precedes`.
    /// - Throws: `cancelled` or `deadline` as the control said; `index` for damaged files;
    ///   `tooManyTerms` as the limits say.
    public func search(
        _ query: Query, k: Int, statistics: CollectionStatistics,
        totals: TotalCounting = .exact, floor: Float? = nil,
        limits: ExpansionLimits = ExpansionLimits(), after: ScorePlace? = nil,
        control: SearchControl = .none
    ) throws(SearchError) -> ShardHits {
        var collector = TopKCollector(
            limit: max(0, k), floor: floor ?? -.infinity, after: after)
        var (total, cut) = try matches(of: query, statistics, limits, control) {
            (segment, meter) throws(SearchError) in
            try segment.search(query, into: &collector, totals: totals, meter: meter)
        }
        let hits = try ranked(collector)
        total.count = max(total.count, UInt64(hits.count))
        return ShardHits(
            hits: hits, total: total, skippedBound: collector.thresholdScore,
            coveredDocuments: shard.coveredDocuments(cut), cut: cut,
            scoredPostings: collector.scoredPostings)
    }

    /// The `k` matching documents with the lowest scores, lowest first, of equal ones the lower order
    /// key first.
    ///
    /// Computes the score of every match, since no bound from above tells which are low. Parameters and
    /// errors as of the search for the best.
    public func searchLowest(
        _ query: Query, k: Int, statistics: CollectionStatistics,
        limits: ExpansionLimits = ExpansionLimits(), control: SearchControl = .none
    ) throws(SearchError) -> ShardHits {
        var collector = TopKCollector(limit: max(0, k))
        let (total, cut) = try matches(of: query, statistics, limits, control) {
            (segment, meter) throws(SearchError) in
            try segment.searchLowest(query, into: &collector, meter: meter)
        }
        let hits = try ranked(collector).map {
            RankedHit(score: 0 - $0.score, orderKey: $0.orderKey, id: $0.id)
        }
        return ShardHits(
            hits: hits, total: total, skippedBound: total.count > hits.count ? .infinity : nil,
            coveredDocuments: shard.coveredDocuments(cut), cut: cut,
            scoredPostings: collector.scoredPostings)
    }

    /// Searches one segment after the other; how many match, and which pattern was cut.
    private func matches(
        of query: Query, _ statistics: CollectionStatistics, _ limits: ExpansionLimits,
        _ control: SearchControl,
        _ search: (SegmentContext, WorkMeter) throws(SearchError) -> TotalHits
    ) throws(SearchError) -> (TotalHits, PatternCut?) {
        var total = TotalHits(count: 0, isExact: true)
        var meter = WorkMeter(control: control)
        let scope = try SearchScope(query, in: shard.segments, limits: limits, meter: &meter)
        for context in contexts.contexts(of: shard, statistics, schema) {
            total = total + (try search(context.within(scope), meter))
        }
        if scope.cut != nil { total.isExact = false }
        return (total, scope.cut)
    }

    /// The hits of what a search kept, best first.
    private func ranked(
        _ collector: borrowing TopKCollector
    ) throws(SearchError) -> [RankedHit] {
        var hits: [RankedHit] = []
        for (number, segment) in shard.segments.enumerated() {
            do throws(IndexError) {
                try segment.appendHits(collector.kept(in: number), to: &hits)
            } catch {
                throw SearchError.index(error)
            }
        }
        // Numbers ascend with order keys, so that hits of one segment are in order.
        if shard.segments.count > 1 { hits.sort { $0.precedes($1) } }
        return hits
    }
}

/// What one shard answers.
public struct ShardHits: Sendable, Hashable {
    /// The best, in the order of `RankedHit.precedes`.
    public let hits: [RankedHit]
    /// Documents that match.
    public let total: TotalHits
    /// What no matching document that is not among the hits, and not before the place behind which
    /// they were wanted, exceeds; nil when there is none.
    public let skippedBound: Float?
    /// Live documents whose place in the answer is decided: all of the shard's, or none if a pattern
    /// was cut.
    public let coveredDocuments: UInt64
    /// The pattern that stands for more terms than were searched, so that hits may be missing; nil
    /// without one.
    public let cut: PatternCut?
    /// Postings that were looked at for their scores, about; what was counted only is not in it.
    public let scoredPostings: Int

    /// The number of matches, or the lower bound that is known.
    public var totalHits: UInt64 { total.count }
    /// Whether hits may be missing.
    public var isDegraded: Bool { cut != nil }
}

extension ShardReader {
    /// Live documents whose place in an answer is decided. Of a pattern that was cut nobody has looked
    /// which documents hold the other terms, so any may match, or score more.
    func coveredDocuments(_ cut: PatternCut?) -> UInt64 { cut == nil ? liveDocuments : 0 }
}
