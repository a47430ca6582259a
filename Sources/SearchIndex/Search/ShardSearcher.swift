/// Searches one shard. Immutable: any number of threads may use one at once.
public struct ShardSearcher: Sendable {
    /// What is searched.
    public let shard: ShardReader
    /// The fields that queries may name.
    public let schema: Schema
    private let contexts = ContextCache()

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
    ///   - control: asked about every thousand documents whether to stop.
    /// - Returns: hits in the order of `RankedHit.precedes`.
    /// - Throws: `cancelled` or `deadline` as the control said; `index` for damaged files.
    public func search(
        _ query: Query, k: Int, statistics: CollectionStatistics,
        totals: TotalCounting = .exact, floor: Float? = nil, control: SearchControl = .none
    ) throws(SearchError) -> ShardHits {
        var collector = TopKCollector(limit: max(0, k), floor: floor ?? -.infinity)
        var totalHits = TotalHits(count: 0, isExact: true)
        let meter = WorkMeter(control: control)
        for context in contexts.contexts(of: shard, statistics) {
            totalHits =
                totalHits
                + (try context.search(query, into: &collector, totals: totals, meter: meter))
        }
        let hits = try collector.ranked { (candidate) throws(SearchError) in
            let place = candidate.document
            let segment = shard.segments[place.segment]
            do throws(IndexError) {
                return RankedHit(
                    score: candidate.score, orderKey: try segment.orderKey(of: place.document),
                    id: try segment.id(of: place.document))
            } catch {
                throw SearchError.index(error)
            }
        }
        totalHits.count = max(totalHits.count, UInt64(hits.count))
        return ShardHits(
            hits: hits, total: totalHits, skippedBound: collector.thresholdScore,
            coveredDocuments: shard.liveDocuments)
    }
}

/// What one shard answers.
public struct ShardHits: Sendable, Hashable {
    /// The best, in the order of `RankedHit.precedes`.
    public let hits: [RankedHit]
    /// Documents that match.
    public let total: TotalHits
    /// What no matching document that is not among the hits exceeds; nil when there is none.
    public let skippedBound: Float?
    /// Live documents whose place in the answer is decided: all of the shard's.
    public let coveredDocuments: UInt64

    /// The number of matches, or the lower bound that is known.
    public var totalHits: UInt64 { total.count }
}
