extension EmbeddedIndex {
    /// Why the document with an id has the score that `search` gives it, or why it does not match.
    ///
    /// The value at the root is the canonical score, equal to the one of a search bit for bit.
    /// Reads the ids of the document's shard one by one; patterns, ranges and sets are evaluated
    /// for its segment.
    ///
    /// - Throws: `noSuchDocument` when the index has no document with the id; else as `search`.
    public func explain(
        _ query: Query, documentID id: some Collection<UInt8>,
        limits: ExpansionLimits = ExpansionLimits(), control: SearchControl = .none
    ) throws(SearchError) -> Explanation {
        let id = Array(id)
        let query = try rewritten(query, control: control)
        return try home(ofID: id).explain(
            query, documentID: id, statistics: description.statistics, limits: limits,
            control: control)
    }

    /// Why the document with an order key has the score that `search` gives it, or why it does not
    /// match; logarithmic in the documents of each shard, else like the form with an id.
    public func explain(
        _ query: Query, orderKey key: OrderKey, limits: ExpansionLimits = ExpansionLimits(),
        control: SearchControl = .none
    ) throws(SearchError) -> Explanation {
        var meter = WorkMeter(control: control)
        let query = try rewritten(query, &meter)
        for shard in shards {
            for segment in shard.shard.segments {
                let document = try SearchError.wrapping { () throws(IndexError) in
                    try segment.document(with: key)
                }
                guard let document else { continue }
                return try shard.explain(
                    query, at: DocumentPlace(segment: segment, document: document),
                    description.statistics, limits, meter)
            }
        }
        throw .noSuchDocument(id: "order key \(key)")
    }
}
