extension EmbeddedIndex {
    /// Why the document with an id has the score that `search` gives it, or why it does not match.
    ///
    /// The value at the root is the canonical score, equal to the one of a search bit for bit.
    /// Reads the ids of the document's shard one by one; patterns, ranges and sets are evaluated
    /// for its segment.
    ///
    /// - Throws: `noSuchDocument` when the index has no document with the id; else as `search`.
    public func explain(
        _ query: Query, documentID id: [UInt8], limits: ExpansionLimits = ExpansionLimits(),
        control: SearchControl = .none
    ) throws(SearchError) -> Explanation {
        var meter = WorkMeter(control: control)
        guard let place = try place(ofID: id, &meter) else {
            throw .noSuchDocument(id: String(decoding: id, as: UTF8.self))
        }
        return try explain(query, at: place, limits, meter)
    }

    /// Why the document with an order key has the score that `search` gives it, or why it does not
    /// match; logarithmic in the documents of each shard, else like the form with an id.
    public func explain(
        _ query: Query, orderKey key: OrderKey, limits: ExpansionLimits = ExpansionLimits(),
        control: SearchControl = .none
    ) throws(SearchError) -> Explanation {
        for (number, shard) in shards.enumerated() {
            for segment in shard.shard.segments {
                let document = try SearchError.wrapping { () throws(IndexError) in
                    try segment.document(with: key)
                }
                guard let document else { continue }
                let place = DocumentPlace(shard: number, segment: segment, document: document)
                return try explain(query, at: place, limits, WorkMeter(control: control))
            }
        }
        throw .noSuchDocument(id: "order key \(key)")
    }

    private func explain(
        _ query: Query, at place: DocumentPlace, _ limits: ExpansionLimits, _ meter: WorkMeter
    ) throws(SearchError) -> Explanation {
        var meter = meter
        let query = try rewritten(query, &meter)
        var explainer = DocumentExplainer(
            shard: shards[place.shard].shard, segment: place.segment, document: place.document,
            norms: NormTables(description.statistics, description.schema), limits: limits,
            meter: meter)
        return try explainer.explain(query).explanation
    }
}
