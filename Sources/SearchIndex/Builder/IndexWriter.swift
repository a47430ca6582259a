/// Writes the files of an index into a folder that has no index yet.
struct IndexWriter {
    private let index: IndexDescription
    private let directory: String
    private var hasShardsFolder = false

    init(index: IndexDescription, directory: String) {
        self.index = index
        self.directory = directory
    }

    /// Writes the folder of a shard: its segment, if it has documents, and its manifest.
    mutating func write(
        _ documents: ShardDocuments, _ fields: SealedFields, number: Int
    ) throws(IndexError) {
        if !hasShardsFolder {
            try FileSystem.createFolder("\(directory)/shards")
            hasShardsFolder = true
        }
        let shard = ShardNumber(UInt32(number))
        let folder = ShardManifest.folder(of: shard, in: directory)
        try FileSystem.createFolder(folder)
        var segments: [ShardManifest.Segment] = []
        if documents.liveCount > 0 {
            let name = "segment-1.seg"
            let bytes = try writeSegment("\(folder)/\(name)", documents, fields, shard: number)
            let count = UInt32(documents.liveCount)
            segments.append(
                ShardManifest.Segment(
                    file: name, byteCount: bytes, documents: count, liveDocuments: count))
        }
        let manifest = ShardManifest(
            buildID: index.buildID, number: shard, generation: Generation(1), segments: segments)
        try Self.writeAtomically(manifest.encoded, to: ShardManifest.fileName, in: folder)
    }

    /// Writes the description, which makes the folder an index.
    func finish() throws(IndexError) {
        try FileSystem.synchronizeFolder("\(directory)/shards")
        try Self.writeAtomically(index.encoded, to: IndexDescription.fileName, in: directory)
    }

    /// Writes a file under a temporary name, renames it, and waits for both to be on the device.
    static func writeAtomically(
        _ bytes: [UInt8], to name: String, in folder: String
    ) throws(IndexError) {
        let temporary = "\(folder)/\(name).new"
        var file = try FileWriter(path: temporary)
        try file.write(bytes)
        try file.finish()
        try FileSystem.rename(temporary, to: "\(folder)/\(name)")
        try FileSystem.synchronizeFolder(folder)
    }

    private func writeSegment(
        _ path: String, _ documents: ShardDocuments, _ fields: SealedFields, shard: Int
    ) throws(IndexError) -> UInt64 {
        var writer = try SegmentWriter(path: path)
        let live = documents.liveNumbers()
        var entries: [FieldTable.Entry] = []
        for field in fields.fields {
            let norms = NormParameters(
                tokens: field.tokenCounts.reduce(0, +), documents: index.statistics.documents)
            var encoder = FieldEncoder(field, shard: shard, liveNumbers: live, norms: norms)
            guard let sections = encoder.encode(documentCount: documents.liveCount) else {
                throw Self.tooMuch(path, "postings or positions of one term")
            }
            try Self.write(sections, of: field, to: &writer)
            entries.append(
                FieldTable.Entry(
                    number: field.number.rawValue, kind: field.data.field.kind,
                    tokenCount: field.tokenCounts[shard], termCount: sections.termCount,
                    norms: norms, name: field.data.field.name,
                    hasColumn: field.data.field.isColumn))
        }
        try Self.writeColumns(documents, live, fields, shard, &entries, to: &writer)
        entries.sort { $0.number < $1.number }
        try writer.write(.fields, FieldTable(entries: entries).encoded)
        try Self.writeDocuments(documents, path, to: &writer)
        return try writer.finish(
            documentCount: UInt32(documents.liveCount), buildID: index.buildID)
    }

    /// Writes the columns of a shard and adds entries of the fields that have no terms.
    private static func writeColumns(
        _ documents: ShardDocuments, _ live: [UInt32?], _ fields: SealedFields, _ shard: Int,
        _ entries: inout [FieldTable.Entry], to writer: inout SegmentWriter
    ) throws(IndexError) {
        for column in fields.columns {
            let sections = column.shards[shard].encode(
                liveNumbers: live, documentCount: documents.liveCount)
            try writer.write(.column, field: column.number, sections.column)
            if let dictionary = sections.dictionary {
                try writer.write(.columnDictionary, field: column.number, dictionary)
            }
            if column.field.hasTerms { continue }
            entries.append(
                FieldTable.Entry(
                    number: column.number.rawValue, kind: column.field.kind, tokenCount: 0,
                    termCount: 0, norms: NormParameters(averageLength: 1),
                    name: column.field.name, hasTerms: false, hasColumn: true))
        }
    }

    private static func write(
        _ sections: FieldEncoder.Sections, of field: SealedField, to writer: inout SegmentWriter
    ) throws(IndexError) {
        try writer.write(.terms, field: field.number, sections.terms)
        try writer.write(.termIndex, field: field.number, sections.termIndex)
        try writer.write(.postings, field: field.number, sections.postings)
        if field.data.field.kind == .text {
            try writer.write(.positions, field: field.number, sections.positions)
        }
        try writer.write(.lengths, field: field.number, sections.lengths)
    }

    private static func writeDocuments(
        _ documents: ShardDocuments, _ path: String, to writer: inout SegmentWriter
    ) throws(IndexError) {
        var keys: [UInt8] = []
        var offsets: [UInt8] = []
        var ids: [UInt8] = []
        var store = StoreWriter()
        var blocks: [UInt8] = []
        for document in 0..<documents.count where !documents.isDropped[document] {
            keys.appendInteger(documents.orderKeys[document].rawValue)
            offsets.appendInteger(UInt32(truncatingIfNeeded: ids.count))
            ids.append(contentsOf: documents.id(of: document))
            documents.withSource(of: document) { store.append($0, to: &blocks) }
            try writer.append(blocks)
            blocks.removeAll(keepingCapacity: true)
        }
        guard let end = UInt32(exactly: ids.count) else { throw tooMuch(path, "ids") }
        offsets.appendInteger(end)
        store.finish(to: &blocks)
        try writer.append(blocks)
        writer.endSection(.store)
        try writer.write(.storeIndex, store.index)
        try writer.write(.orderKeys, keys)
        try writer.write(.idOffsets, offsets)
        try writer.write(.ids, ids)
    }

    private static func tooMuch(_ path: String, _ what: String) -> IndexError {
        IndexError(
            .limitExceeded, "more than 4 GiB of \(what) in a segment", file: path,
            advice: "build with more shards")
    }
}
