extension EmbeddedIndex {
    /// The query with every more-like-this node as the plain terms that it stands for.
    ///
    /// - Throws: `noSuchDocument` when one names an id that the index lacks.
    func rewritten(_ query: Query, _ meter: inout WorkMeter) throws(SearchError) -> Query {
        try query.replacingMoreLikeThis { (like) throws(SearchError) in
            try like.rewritten(
                source: try source(of: like, &meter),
                documents: description.statistics.documents
            ) { (field, term) throws(SearchError) in
                try attempt { () throws(IndexError) in
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
            guard let document = try document(withID: id, &meter) else {
                throw .noSuchDocument(id: String(decoding: id, as: UTF8.self))
            }
            return fields.flatMap { field in
                Self.texts(of: field, in: document, schema).map { (field, $0) }
            }
        }
    }

    /// The values of a field of a stored document that are strings.
    private static func texts(of field: Field, in document: [UInt8], _ schema: Schema) -> [[UInt8]]
    {
        var parser = DocumentParser(schema: schema)
        // What was indexed once can be read again; a damaged store gives nothing to compare.
        guard (try? parser.parse(document.span)) != nil else { return [] }
        let wanted = schema.fieldIndex(forName: Array(field.name.utf8))
        return parser.values.compactMap { value in
            guard value.field == wanted, case .text(let content) = value.content else { return nil }
            var text: [UInt8] = []
            JSONScanner.unescape(content, of: document.span, into: &text)
            return text
        }
    }

    /// The stored JSON of the document with an id; reads the ids of its shard one by one.
    private func document(
        withID id: [UInt8], _ meter: inout WorkMeter
    ) throws(SearchError) -> [UInt8]? {
        let number = ShardNumber.shard(ofID: id, shardCount: shards.count)
        for segment in shards[Int(number.rawValue)].shard.segments {
            for document in 0..<UInt32(segment.documentCount) {
                try meter.spend(1)
                let document = DocumentNumber(document)
                let found = try attempt { () throws(IndexError) in try segment.id(of: document) }
                guard found == id else { continue }
                return try attempt { () throws(IndexError) in try segment.source(of: document) }
            }
        }
        return nil
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

    private func attempt<Result>(
        _ body: () throws(IndexError) -> Result
    ) throws(SearchError) -> Result {
        do { return try body() } catch { throw .index(error) }
    }
}
