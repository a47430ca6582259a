/// What `manifest.json` says of a shard.
struct ShardManifest: Hashable, Sendable {
    /// One segment of the shard.
    struct Segment: Hashable, Sendable {
        /// The file's name in the shard's folder.
        let file: String
        /// The file's length in bytes.
        let byteCount: UInt64
        /// The documents it holds.
        let documents: UInt32
        /// Those of them that are not deleted.
        let liveDocuments: UInt32
        /// The name of its delete bitmap's file; nil when no document is deleted.
        let deletes: String?
    }

    /// The name of the file in a shard's folder.
    static let fileName = "manifest.json"

    let buildID: BuildID
    let number: ShardNumber
    let generation: Generation
    let segments: [Segment]

    init(
        buildID: BuildID, number: ShardNumber, generation: Generation, segments: [Segment]
    ) {
        self.buildID = buildID
        self.number = number
        self.generation = generation
        self.segments = segments
    }

    /// The names of all files that the manifest names.
    var fileNames: Set<String> {
        Set(segments.map(\.file)).union(segments.compactMap(\.deletes))
    }

    /// The folder of a shard in an index's directory.
    static func folder(of shard: ShardNumber, in directory: String) -> String {
        let digits = String(shard.rawValue)
        let padding = String(repeating: "0", count: max(0, 4 - digits.count))
        return "\(directory)/shards/\(padding)\(digits)"
    }

    /// Reads the manifest in a shard's folder; checks its checksum.
    init(folder: String) throws(IndexError) {
        var reader = try SealedJSONReader(path: "\(folder)/\(Self.fileName)")
        var buildID: BuildID?
        var number: UInt64?
        var generation: UInt64?
        var segments: [Segment]?
        var hasVersion = false
        while let member = try reader.nextMember() {
            switch member {
            case "format_version":
                try reader.formatVersion()
                hasVersion = true
            case "build_id": buildID = try reader.buildID()
            case "shard": number = try reader.unsigned(limit: UInt64(UInt32.max))
            case "generation": generation = try reader.unsigned(limit: UInt64(Int64.max))
            case "segments": segments = try reader.array(Self.readSegment)
            default: try reader.skip()
            }
        }
        _ = try reader.required(hasVersion ? true : nil, "format_version")
        self.buildID = try reader.required(buildID, "build_id")
        self.number = ShardNumber(UInt32(try reader.required(number, "shard")))
        self.generation = Generation(try reader.required(generation, "generation"))
        self.segments = try reader.required(segments, "segments")
    }

    /// The bytes of the file.
    var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("format_version")
        writer.integer(SegmentFormat.version)
        writer.key("build_id")
        writer.string(buildID.description)
        writer.key("shard")
        writer.integer(number.rawValue)
        writer.key("generation")
        writer.integer(generation.rawValue)
        writer.key("segments")
        writer.beginArray()
        for segment in segments {
            writer.beginObject()
            writer.key("file")
            writer.string(segment.file)
            writer.key("bytes")
            writer.integer(segment.byteCount)
            writer.key("documents")
            writer.integer(segment.documents)
            writer.key("live_documents")
            writer.integer(segment.liveDocuments)
            if let deletes = segment.deletes {
                writer.key("deletes")
                writer.string(deletes)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return SealedJSON.seal(writer.bytes)
    }

    private static func readSegment(
        _ reader: inout SealedJSONReader
    ) throws(IndexError) -> Segment {
        var file: String?
        var bytes: UInt64?
        var documents: UInt64?
        var live: UInt64?
        var deletes: String?
        while let member = try reader.nextMember() {
            switch member {
            case "file": file = try reader.string()
            case "bytes": bytes = try reader.unsigned()
            case "documents": documents = try reader.unsigned(limit: UInt64(UInt32.max))
            case "live_documents": live = try reader.unsigned(limit: UInt64(UInt32.max))
            case "deletes": deletes = try reader.string()
            default: try reader.skip()
            }
        }
        let name = try reader.required(file, "file")
        for name in [name, deletes].compactMap(\.self)
        where name.isEmpty || name.utf8.contains(UInt8(ascii: "/")) || name == ".." || name == "." {
            throw reader.invalid("a file name without a folder", found: "\"\(name)\"")
        }
        return Segment(
            file: name, byteCount: try reader.required(bytes, "bytes"),
            documents: UInt32(try reader.required(documents, "documents")),
            liveDocuments: UInt32(try reader.required(live, "live_documents")),
            deletes: deletes)
    }
}
