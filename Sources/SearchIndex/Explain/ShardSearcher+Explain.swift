extension ShardSearcher {
    /// Why the document of this shard with an id has the score that `search` gives it, or why it
    /// does not match.
    ///
    /// Reads the ids of the shard one by one; patterns, ranges and sets are evaluated for the
    /// document's segment.
    ///
    /// - Parameters:
    ///   - query: without more-like-this nodes.
    ///   - statistics: of the whole index.
    /// - Throws: `noSuchDocument` when the shard has no document with the id; else as `search`.
    public func explain(
        _ query: Query, documentID id: [UInt8], statistics: CollectionStatistics,
        limits: ExpansionLimits = ExpansionLimits(), control: SearchControl = .none
    ) throws(SearchError) -> Explanation {
        var meter = WorkMeter(control: control)
        guard let place = try place(ofID: id, &meter) else {
            throw .noSuchDocument(id: String(decoding: id, as: UTF8.self))
        }
        return try explain(query, at: place, statistics, limits, meter)
    }

    /// The same for the document at a place.
    func explain(
        _ query: Query, at place: DocumentPlace, _ statistics: CollectionStatistics,
        _ limits: ExpansionLimits, _ meter: WorkMeter
    ) throws(SearchError) -> Explanation {
        var meter = meter
        let scope = try SearchScope(query, in: shard.segments, limits: limits, meter: &meter)
        var explainer = DocumentExplainer(
            shard: shard, segment: place.segment, document: place.document,
            norms: NormTables(statistics, schema), scope: scope, limits: limits, meter: meter)
        return try explainer.explain(query).explanation
    }
}
