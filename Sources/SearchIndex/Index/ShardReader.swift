/// One shard of an index: its manifest and its segments, opened for reading.
///
/// An immutable snapshot of one generation, safe to use from any number of threads.
public final class ShardReader: Sendable {
    /// The shard's place in the index.
    public let number: ShardNumber
    /// The generation of the manifest that was read.
    public let generation: Generation
    /// The build that the shard belongs to.
    public let buildID: BuildID
    /// The documents of all segments, deleted ones included.
    public let documents: UInt64
    /// The documents that are not deleted.
    public let liveDocuments: UInt64
    /// The segments, in the manifest's order.
    public let segments: [SegmentReader]

    /// Opens shard `number` of the index in `directory`.
    ///
    /// Reads the manifest and the segments' footers; milliseconds, whatever the shard's size.
    ///
    /// - Throws: `missing` or `corrupt` naming the file and section, `mismatch` when a segment or
    ///   the folder belongs to another build or shard, `unsupportedVersion`, `inputOutput`.
    public convenience init(directory: String, number: ShardNumber) throws(IndexError) {
        try self.init(directory: directory, number: number, shardCount: 1)
    }

    /// - Parameter shardCount: How many shards the index has, which share the memory that an index of
    ///   few documents may use.
    private init(
        directory: String, number: ShardNumber, shardCount: Int
    ) throws(IndexError) {
        let folder = ShardManifest.folder(of: number, in: directory)
        let manifest = try ShardManifest(folder: folder)
        guard manifest.number == number else {
            throw IndexError(
                .mismatch, "the manifest of another shard",
                file: "\(folder)/\(ShardManifest.fileName)", expected: "shard \(number)",
                found: "shard \(manifest.number)", advice: "restore the shard's folder")
        }
        var segments: [SegmentReader] = []
        let documents = manifest.segments.reduce(0) { $0 + UInt64($1.documents) }
        let cacheBytes = Double(PostingsCache.Policy.leastBytes / max(1, shardCount))
        for entry in manifest.segments {
            let share = Double(entry.documents) / Double(max(1, documents))
            segments.append(
                try Self.open(
                    entry, of: manifest, in: folder, leastCacheBytes: Int(cacheBytes * share)))
        }
        self.number = number
        self.segments = segments
        generation = manifest.generation
        buildID = manifest.buildID
        self.documents = documents
        liveDocuments = manifest.segments.reduce(0) { $0 + UInt64($1.liveDocuments) }
    }

    /// Opens shard `number` of a described index and checks that it belongs to it.
    public convenience init(
        directory: String, number: ShardNumber, of index: IndexDescription
    ) throws(IndexError) {
        try self.init(directory: directory, number: number, shardCount: index.shardCount)
        guard buildID == index.buildID else {
            let folder = ShardManifest.folder(of: number, in: directory)
            throw IndexError(
                .mismatch, "a shard of another build",
                file: "\(folder)/\(ShardManifest.fileName)", expected: "build \(index.buildID)",
                found: "build \(buildID)", advice: "restore the shard of the index's build")
        }
    }

    /// The stored JSON of the document with an order key; nil when the shard has no such document.
    ///
    /// Logarithmic in the number of documents; decompresses about 16 KiB.
    public func document(_ key: OrderKey) throws(IndexError) -> [UInt8]? {
        for segment in segments {
            if let document = try segment.document(with: key) {
                return try segment.source(of: document)
            }
        }
        return nil
    }

    /// The id of the document with an order key; nil when the shard has no such document.
    public func id(_ key: OrderKey) throws(IndexError) -> [UInt8]? {
        for segment in segments {
            if let document = try segment.document(with: key) {
                return try segment.id(of: document)
            }
        }
        return nil
    }

    private static func open(
        _ entry: ShardManifest.Segment, of manifest: ShardManifest, in folder: String,
        leastCacheBytes: Int
    ) throws(IndexError) -> SegmentReader {
        let path = "\(folder)/\(entry.file)"
        let segment = try SegmentReader(
            path: path, deletesPath: entry.deletes.map { "\(folder)/\($0)" },
            leastCacheBytes: leastCacheBytes)
        guard segment.buildID == manifest.buildID else {
            throw IndexError(
                .mismatch, "a segment of another build", file: path, section: "footer",
                expected: "build \(manifest.buildID)", found: "build \(segment.buildID)",
                advice: "restore the shard's folder")
        }
        guard segment.documentCount == Int(entry.documents),
            UInt64(segment.file.byteCount) == entry.byteCount
        else {
            throw IndexError(
                .mismatch, "not the segment that the manifest describes", file: path,
                section: "footer",
                expected: "\(entry.documents) documents in \(entry.byteCount) bytes",
                found: "\(segment.documentCount) in \(segment.file.byteCount)",
                advice: "restore the shard's folder")
        }
        let live = segment.documentCount - (segment.deleted?.deletedCount ?? 0)
        guard live == Int(entry.liveDocuments) else {
            throw IndexError(
                .mismatch, "not the delete bitmap that the manifest describes", file: path,
                section: "delete bitmap", expected: "\(entry.liveDocuments) live documents",
                found: "\(live)", advice: "restore the shard's folder")
        }
        return segment
    }
}
