/// What `index.json` says of an index.
public struct IndexDescription: Hashable, Sendable {
    /// The name of the file in the index's directory.
    public static let fileName = "index.json"
    /// The most shards an index may have.
    public static let maximumShards = 9999

    /// The index's name; by default its directory's.
    public let name: String
    /// The build that all shards belong to.
    public let buildID: BuildID
    /// The fields.
    public let schema: Schema
    /// The number of shards, 1 to `maximumShards`.
    public let shardCount: Int
    /// What scoring needs to know of all shards together.
    public let statistics: CollectionStatistics

    /// A description.
    public init(
        name: String, buildID: BuildID, schema: Schema, shardCount: Int,
        statistics: CollectionStatistics
    ) {
        self.name = name
        self.buildID = buildID
        self.schema = schema
        self.shardCount = shardCount
        self.statistics = statistics
    }

    /// Reads the description of the index in `directory`; checks its checksum.
    ///
    /// - Throws: `missing` when there is no index, `corrupt`, `unsupportedVersion`,
    ///   `inputOutput`.
    public init(directory: String) throws(IndexError) {
        var reader = try SealedJSONReader(path: "\(directory)/\(Self.fileName)")
        var name: String?
        var buildID: BuildID?
        var schema: Schema?
        var shardCount: UInt64?
        var statistics: CollectionStatistics?
        var hasVersion = false
        while let member = try reader.nextMember() {
            switch member {
            case "format_version":
                try reader.formatVersion()
                hasVersion = true
            case "name": name = try reader.string()
            case "build_id": buildID = try reader.buildID()
            case "shards": shardCount = try reader.unsigned(limit: UInt64(Self.maximumShards))
            case "schema": schema = try reader.schema()
            case "statistics": statistics = try Self.readStatistics(&reader)
            default: try reader.skip()
            }
        }
        _ = try reader.required(hasVersion ? true : nil, "format_version")
        self.name = try reader.required(name, "name")
        self.buildID = try reader.required(buildID, "build_id")
        self.schema = try reader.required(schema, "schema")
        self.shardCount = Int(try reader.required(shardCount == 0 ? nil : shardCount, "shards"))
        self.statistics = try reader.required(statistics, "statistics")
    }

    /// The bytes of the file.
    var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("format_version")
        writer.integer(SegmentFormat.version)
        writer.key("name")
        writer.string(name)
        writer.key("build_id")
        writer.string(buildID.description)
        writer.key("shards")
        writer.integer(shardCount)
        writer.key("schema")
        schema.write(to: &writer)
        writer.key("statistics")
        writeStatistics(to: &writer)
        writer.endObject()
        return SealedJSON.seal(writer.bytes)
    }

    private func writeStatistics(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("documents")
        writer.integer(statistics.documents)
        writer.key("fields")
        writer.beginArray()
        for field in statistics.fields {
            writer.beginObject()
            writer.key("name")
            writer.string(field.name)
            writer.key("tokens")
            writer.integer(field.tokens)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    private static func readStatistics(
        _ reader: inout SealedJSONReader
    ) throws(IndexError) -> CollectionStatistics {
        try reader.enterObject()
        var documents: UInt64?
        var fields: [FieldStatistics] = []
        while let member = try reader.nextMember() {
            switch member {
            case "documents": documents = try reader.unsigned()
            case "fields": fields = try reader.array(readField)
            default: try reader.skip()
            }
        }
        return CollectionStatistics(
            documents: try reader.required(documents, "documents"), fields: fields)
    }

    private static func readField(
        _ reader: inout SealedJSONReader
    ) throws(IndexError) -> FieldStatistics {
        var name: String?
        var tokens: UInt64?
        while let member = try reader.nextMember() {
            switch member {
            case "name": name = try reader.string()
            case "tokens": tokens = try reader.unsigned()
            default: try reader.skip()
            }
        }
        return FieldStatistics(
            name: try reader.required(name, "name"),
            tokens: try reader.required(tokens, "tokens"))
    }
}
