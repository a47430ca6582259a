/// How an index is built.
public struct IndexBuildOptions: Sendable {
    /// The greatest value of `maximumDocumentBytes`.
    public static let documentBytesLimit = 64 * 1024 * 1024

    /// The index's name; nil takes the last part of the output's path.
    public var name: String?
    /// The number of shards, 1 to `IndexDescription.maximumShards`.
    public var shardCount: Int
    /// The schema; nil makes a text field of every member with a string in it, in the order of
    /// their first appearance, up to `Schema.maximumFields`.
    public var schema: Schema?
    /// Whether the first bad line ends the build.
    public var isStrict: Bool
    /// The longest line that is taken, in bytes.
    public var maximumDocumentBytes: Int
    /// The identity of the build; nil takes a random one.
    public var buildID: BuildID?

    /// Options; all but the shards have defaults.
    public init(
        shardCount: Int, schema: Schema? = nil, name: String? = nil, isStrict: Bool = false,
        maximumDocumentBytes: Int = 1024 * 1024, buildID: BuildID? = nil
    ) {
        self.shardCount = shardCount
        self.schema = schema
        self.name = name
        self.isStrict = isStrict
        self.maximumDocumentBytes = maximumDocumentBytes
        self.buildID = buildID
    }

    func check(output: String) throws(IndexError) {
        guard (1...IndexDescription.maximumShards).contains(shardCount) else {
            throw IndexError(
                .badInput, "bad number of shards", file: output,
                expected: "1 to \(IndexDescription.maximumShards)", found: "\(shardCount)")
        }
        guard (1...Self.documentBytesLimit).contains(maximumDocumentBytes) else {
            throw IndexError(
                .badInput, "bad limit of a document's bytes", file: output,
                expected: "1 to \(Self.documentBytesLimit)", found: "\(maximumDocumentBytes)")
        }
        guard name.map({ !$0.isEmpty && $0.utf8.count <= Schema.maximumNameBytes }) ?? true else {
            throw IndexError(
                .badInput, "bad index name", file: output,
                expected: "1 to \(Schema.maximumNameBytes) bytes")
        }
    }
}

/// How far the writing of an index is.
public struct IndexBuildProgress: Hashable, Sendable {
    /// The shards written.
    public let shardsWritten: Int
    /// The shards of the index.
    public let shards: Int
}
