extension EmbeddedIndex {
    /// The query with every more-like-this node as the plain terms that it stands for.
    ///
    /// - Throws: `noSuchDocument` when one names an id that the index lacks; else as `search`.
    public func rewritten(
        _ query: Query, control: SearchControl = .none
    ) throws(SearchError) -> Query {
        var meter = WorkMeter(control: control)
        return try rewritten(query, &meter)
    }

    /// The same within a search.
    func rewritten(_ query: Query, _ meter: inout WorkMeter) throws(SearchError) -> Query {
        guard query.hasMoreLikeThis else { return query }
        return try query.replacingMoreLikeThis { (like) throws(SearchError) in
            like.query(of: try likeTerms(of: like, &meter))
        }
    }

    /// The terms of the shards that hold the node's source, or some of its terms.
    private func likeTerms(
        of like: MoreLikeThisQuery, _ meter: inout WorkMeter
    ) throws(SearchError) -> [LikeTerm] {
        switch like.like {
        case .text:
            var terms: [LikeTerm] = []
            for shard in shards {
                terms += try shard.likeTerms(of: like, description.statistics, &meter) ?? []
            }
            return terms
        case .document(let id):
            let terms = try home(ofID: id).likeTerms(of: like, description.statistics, &meter)
            guard let terms else {
                throw .noSuchDocument(id: String(decoding: id, as: UTF8.self))
            }
            return terms
        }
    }

    /// The shard that has the document with an id, if the index has it.
    func home(ofID id: [UInt8]) -> ShardSearcher {
        shards[Int(ShardNumber.shard(ofID: id, shardCount: shards.count).rawValue)]
    }
}
