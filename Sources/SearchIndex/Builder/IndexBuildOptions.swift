/// How an index is built.
public struct IndexBuildOptions: Sendable {
    /// The greatest value of `maximumDocumentBytes`.
    public static let documentBytesLimit = 64 * 1024 * 1024

    /// The greatest value of `threadCount`.
    public static let maximumThreads = 64
    /// The least value of `memoryBytes`.
    public static let minimumMemoryBytes = 1024
    /// The memory of a build that says nothing else: 1 GiB.
    public static let defaultMemoryBytes = 1 << 30
    /// The threads of a build that says nothing else: one for each processor, at most 8.
    public static var defaultThreadCount: Int { min(8, max(1, FileSystem.processorCount)) }

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
    /// The threads that work on the build, 1 to `maximumThreads`. From 2 on, as many again write
    /// documents and ids while the terms are made.
    public var threadCount: Int
    /// The memory for documents and terms, in bytes, at least `minimumMemoryBytes`; beyond it
    /// they are written out and merged in the end. Ids, 32 bytes a document and one block of
    /// input per thread come on top.
    public var memoryBytes: Int
    /// The most documents of a segment, at least 1.
    public var documentsPerSegment: Int

    /// Options; all but the shards have defaults.
    public init(
        shardCount: Int, schema: Schema? = nil, name: String? = nil, isStrict: Bool = false,
        maximumDocumentBytes: Int = 1024 * 1024, buildID: BuildID? = nil,
        threadCount: Int = Self.defaultThreadCount,
        memoryBytes: Int = Self.defaultMemoryBytes,
        documentsPerSegment: Int = Int(UInt32.max) - 1
    ) {
        self.shardCount = shardCount
        self.schema = schema
        self.name = name
        self.isStrict = isStrict
        self.maximumDocumentBytes = maximumDocumentBytes
        self.buildID = buildID
        self.threadCount = threadCount
        self.memoryBytes = memoryBytes
        self.documentsPerSegment = documentsPerSegment
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
        guard (1...Self.maximumThreads).contains(threadCount) else {
            throw IndexError(
                .badInput, "bad number of threads", file: output,
                expected: "1 to \(Self.maximumThreads)", found: "\(threadCount)")
        }
        guard memoryBytes >= Self.minimumMemoryBytes else {
            throw IndexError(
                .badInput, "bad memory budget", file: output,
                expected: "at least \(Self.minimumMemoryBytes) bytes", found: "\(memoryBytes)")
        }
        guard (1..<Int(UInt32.max)).contains(documentsPerSegment) else {
            throw IndexError(
                .badInput, "bad limit of a segment's documents", file: output,
                expected: "1 to \(UInt32.max - 1)", found: "\(documentsPerSegment)")
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
    /// The segments written.
    public let segmentsWritten: Int
    /// The segments of the index.
    public let segments: Int
}
