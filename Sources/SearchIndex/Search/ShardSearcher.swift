/// Searches one shard. Immutable: any number of threads may use one at once.
public struct ShardSearcher: Sendable {
    /// What is searched.
    public let shard: ShardReader
    /// The fields that queries may name.
    public let schema: Schema
    private let norms = NormCache()

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
    ///   - control: asked about every thousand documents whether to stop.
    /// - Returns: hits in the order of `RankedHit.precedes`.
    /// - Throws: `cancelled` or `deadline` as the control said; `index` for damaged files.
    public func search(
        _ query: Query, k: Int, statistics: CollectionStatistics,
        control: SearchControl = .none
    ) throws(SearchError) -> ShardHits {
        var collector = TopKCollector(limit: max(0, k))
        var totalHits: UInt64 = 0
        let meter = WorkMeter(control: control)
        let norms = norms.tables(for: statistics)
        for (number, segment) in shard.segments.enumerated() {
            let context = SegmentContext(segment, number: number, norms: norms)
            var search = try SegmentSearch(query, in: context, meter: meter)
            try search.run(into: &collector)
            totalHits += search.totalHits
        }
        let hits = try collector.ranked { (place) throws(SearchError) in
            do throws(IndexError) {
                return try shard.segments[place.segment].id(of: place.document)
            } catch {
                throw SearchError.index(error)
            }
        }
        return ShardHits(
            hits: hits, totalHits: totalHits, coveredDocuments: shard.liveDocuments)
    }
}

/// What one shard answers.
public struct ShardHits: Sendable, Hashable {
    /// The best, in the order of `RankedHit.precedes`.
    public let hits: [RankedHit]
    /// Documents that match, exactly.
    public let totalHits: UInt64
    /// Live documents whose place in the answer is decided: all of the shard's.
    public let coveredDocuments: UInt64
}
