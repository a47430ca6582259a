/// Where a document of a shard is.
struct DocumentPlace {
    let segment: SegmentReader
    let document: DocumentNumber
}

extension ShardSearcher {
    /// Where the document with an id is; nil when there is none, or it was deleted.
    ///
    /// Reads the ids of the shard one by one.
    func place(
        ofID id: [UInt8], _ meter: inout WorkMeter
    ) throws(SearchError) -> DocumentPlace? {
        for segment in shard.segments {
            for document in 0..<UInt32(segment.documentCount) {
                try meter.spend(1)
                let document = DocumentNumber(document)
                if segment.isDeleted(document) { continue }
                let found = try SearchError.wrapping { () throws(IndexError) in
                    try segment.id(of: document)
                }
                if found == id { return DocumentPlace(segment: segment, document: document) }
            }
        }
        return nil
    }
}
