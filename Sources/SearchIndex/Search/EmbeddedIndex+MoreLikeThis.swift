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

    /// The query with every more-like-this node as the plain terms that it stands for.
    ///
    /// - Throws: `noSuchDocument` when one names an id that the index lacks.
    func rewritten(_ query: Query, _ meter: inout WorkMeter) throws(SearchError) -> Query {
        try query.replacingMoreLikeThis { (like) throws(SearchError) in
            try like.rewritten(
                source: try source(of: like, &meter),
                documents: description.statistics.documents
            ) { (field, term) throws(SearchError) in
                try SearchError.wrapping { () throws(IndexError) in
                    try documentFrequency(of: term, in: field)
                }
            }
        }
    }

    /// The texts whose terms are compared, by field.
    private func source(
        of like: MoreLikeThisQuery, _ meter: inout WorkMeter
    ) throws(SearchError) -> [(field: Field, text: [UInt8])] {
        let schema = description.schema
        let names = like.fields.isEmpty ? schema.defaultFields : like.fields
        let fields = names.compactMap { schema.field(named: $0) }
        switch like.like {
        case .text(let text): return fields.map { ($0, text) }
        case .document(let id):
            guard let place = try place(ofID: id, &meter) else {
                throw .noSuchDocument(id: String(decoding: id, as: UTF8.self))
            }
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

    /// How many documents of the index hold a term; every segment that has it knows the number.
    private func documentFrequency(
        of term: [UInt8], in field: Field
    ) throws(IndexError) -> UInt64 {
        for shard in shards {
            for segment in shard.shard.segments {
                let entry = try segment.field(named: field.name)?.lookup(term)
                if let entry { return entry.globalDocumentFrequency }
            }
        }
        return 0
    }
}
