/// Where a document of an index is.
struct DocumentPlace {
    /// The place of its shard in the index.
    let shard: Int
    let segment: SegmentReader
    let document: DocumentNumber
}

extension EmbeddedIndex {
    /// Where the document with an id is; nil when there is none, or it was deleted.
    ///
    /// Reads the ids of its shard one by one.
    func place(
        ofID id: [UInt8], _ meter: inout WorkMeter
    ) throws(SearchError) -> DocumentPlace? {
        let number = ShardNumber.shard(ofID: id, shardCount: shards.count)
        for segment in shards[Int(number.rawValue)].shard.segments {
            for document in 0..<UInt32(segment.documentCount) {
                try meter.spend(1)
                let document = DocumentNumber(document)
                if segment.isDeleted(document) { continue }
                let found = try SearchError.wrapping { () throws(IndexError) in
                    try segment.id(of: document)
                }
                if found == id {
                    return DocumentPlace(
                        shard: Int(number.rawValue), segment: segment, document: document)
                }
            }
        }
        return nil
    }
}
