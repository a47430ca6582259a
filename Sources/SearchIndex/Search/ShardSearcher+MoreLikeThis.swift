extension ShardSearcher {
    /// For each more-like-this node of a query, depth first, the most telling terms of its source
    /// that this shard holds; nil where the node names a document that the shard does not have.
    ///
    /// All terms of a document are held by its own shard, those of a text by any.
    ///
    /// - Parameter statistics: of the whole index.
    package func likeTerms(
        of query: Query, statistics: CollectionStatistics, control: SearchControl = .none
    ) throws(SearchError) -> [[LikeTerm]?] {
        var meter = WorkMeter(control: control)
        var terms: [[LikeTerm]?] = []
        for like in query.moreLikeThisNodes {
            terms.append(try likeTerms(of: like, statistics, &meter))
        }
        return terms
    }

    /// The same for one node.
    func likeTerms(
        of like: MoreLikeThisQuery, _ statistics: CollectionStatistics, _ meter: inout WorkMeter
    ) throws(SearchError) -> [LikeTerm]? {
        guard let source = try source(of: like, &meter) else { return nil }
        return try like.terms(
            of: source, documents: statistics.documents
        ) { (field, term) throws(SearchError) in
            try SearchError.wrapping { () throws(IndexError) in
                try documentFrequency(of: term, in: field)
            }
        }
    }

    /// The texts whose terms are compared, by field; nil when their document is not here.
    private func source(
        of like: MoreLikeThisQuery, _ meter: inout WorkMeter
    ) throws(SearchError) -> [(field: Field, text: [UInt8])]? {
        let names = like.fields.isEmpty ? schema.defaultFields : like.fields
        let fields = names.compactMap { schema.field(named: $0) }
        switch like.like {
        case .text(let text): return fields.map { ($0, text) }
        case .document(let id):
            guard let place = try place(ofID: id, &meter) else { return nil }
            guard schema.storesSource else {
                throw .unsupported(
                    "more-like-this of a document, in an index that stores none (store_source),")
            }
            let document = try SearchError.wrapping { () throws(IndexError) in
                try place.segment.source(of: place.document)
            }
            let stored = StoredTexts(document, schema: schema)
            return fields.flatMap { field in stored.texts(of: field).map { (field, $0) } }
        }
    }

    /// How many documents of the whole index hold a term, as every segment that has it knows; 0 when
    /// none of the shard's does.
    private func documentFrequency(
        of term: [UInt8], in field: Field
    ) throws(IndexError) -> UInt64 {
        for segment in shard.segments {
            let entry = try segment.field(named: field.name)?.lookup(term)
            if let entry { return entry.globalDocumentFrequency }
        }
        return 0
    }
}
