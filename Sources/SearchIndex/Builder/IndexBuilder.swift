/// Builds an index from JSON documents, one after the other, and writes it in one go.
///
/// Give it every line of the input in order with `add`, then call `finish`. Everything is written
/// into a temporary folder beside the output, which gets its name when all is complete; a failed,
/// abandoned or killed build leaves nothing that looks like an index, and all but the killed one
/// leave nothing at all.
///
/// The documents and their terms are held in memory until `finish`: about the size of the input
/// plus 8 bytes per token. Not safe to use from several threads at once.
public final class IndexBuilder {
    /// The longest id, in UTF-8 bytes.
    public static let maximumIDBytes = 1024

    /// The folder that the index is written to.
    public let output: String
    /// How many lines were taken, bad and blank ones included; the next one's order key.
    public private(set) var lineCount: UInt64 = 0
    /// How many lines were no documents.
    public private(set) var badLineCount: UInt64 = 0
    /// How many documents were replaced by later ones with the same id.
    public private(set) var replacedCount: UInt64 = 0

    private let options: IndexBuildOptions
    private let directory: TemporaryDirectory
    private var parser: DocumentParser
    private var indexer: FieldIndexer
    private var shards: [ShardDocuments]
    private var ids = TermTable()
    /// Where the latest document of each id is.
    private var places: [(shard: UInt32, document: UInt32)] = []

    /// Starts a build into `output`, which must not exist; its parent must.
    ///
    /// - Throws: `alreadyExists`, `badInput` for options out of range, `missing`, `noSpace` or
    ///   `inputOutput`.
    public init(output: String, options: IndexBuildOptions) throws(IndexError) {
        try options.check(output: output)
        self.output = output
        self.options = options
        directory = try TemporaryDirectory(for: output)
        parser = DocumentParser(schema: options.schema)
        indexer = FieldIndexer(schema: options.schema, shardCount: options.shardCount)
        shards = [ShardDocuments](repeating: ShardDocuments(), count: options.shardCount)
    }

    /// The number of documents that the index would have now.
    public var documentCount: UInt64 {
        shards.reduce(0) { $0 + UInt64($1.liveCount) }
    }

    /// Adds one line of input: a document, or nothing when it holds only white space.
    ///
    /// - Parameters:
    ///   - line: The line without its line feed; a carriage return before it does no harm.
    ///   - file: The input's name, for errors.
    ///   - number: The line's number in the input, from 1.
    /// - Returns: What is wrong when the line is no document and the build is not strict.
    /// - Throws: `badInput` for such a line in a strict build; `limitExceeded` beyond 4 billion
    ///   documents in a shard.
    @discardableResult
    public func add(
        line: Span<UInt8>, file: String, number: Int
    ) throws(IndexError) -> BadLine? {
        let key = OrderKey(lineCount)
        lineCount += 1
        if Self.isBlank(line) { return nil }
        do throws(DocumentProblem) {
            guard line.count <= options.maximumDocumentBytes else {
                throw DocumentProblem(
                    options.maximumDocumentBytes,
                    .tooLong(limitBytes: options.maximumDocumentBytes))
            }
            try parser.parse(line)
        } catch {
            let bad = BadLine(
                file: file, line: number, byteOffset: error.byteOffset, reason: error.reason)
            return try refuse(bad)
        }
        try index(line, key)
        return nil
    }

    /// Writes the index and gives it its name.
    ///
    /// - Parameter progress: Is told about each shard written.
    /// - Throws: `badInput` when there is no document, `limitExceeded`, `noSpace` or
    ///   `inputOutput`; the temporary folder is then removed, and the build is over.
    public func finish(
        progress: (IndexBuildProgress) -> Void = { _ in }
    ) throws(IndexError) -> IndexDescription {
        defer { directory.remove() }
        guard documentCount > 0 else {
            throw IndexError(
                .badInput, "the input has no document", file: output,
                found: "\(lineCount) lines, \(badLineCount) of them bad",
                advice: "give at least one line with a JSON object")
        }
        let sealed = try indexer.seal(shards, name: output)
        let index = IndexDescription(
            name: options.name ?? TemporaryDirectory.lastComponent(of: output),
            buildID: options.buildID ?? .random(), schema: sealed.schema,
            shardCount: options.shardCount, statistics: sealed.statistics(shards))
        var writer = IndexWriter(index: index, directory: directory.path)
        for number in shards.indices {
            try writer.write(shards[number], sealed, number: number)
            progress(IndexBuildProgress(shardsWritten: number + 1, shards: shards.count))
        }
        try writer.finish()
        try directory.publish()
        return index
    }

    private func refuse(_ bad: BadLine) throws(IndexError) -> BadLine {
        badLineCount += 1
        guard options.isStrict else { return bad }
        directory.remove()
        throw IndexError(
            .badInput, "bad line: \(bad)", file: bad.file,
            advice: "correct the line, or build without strict mode to skip it")
    }

    /// Takes the document that the parser holds.
    private func index(_ line: Span<UInt8>, _ key: OrderKey) throws(IndexError) {
        let id = parser.id ?? Self.madeID(key)
        let shard = Int(ShardNumber.shard(ofID: id, shardCount: shards.count).rawValue)
        guard shards[shard].count < Int(UInt32.max) - 1, ids.count < Int(UInt32.max) - 2 else {
            throw IndexError(
                .limitExceeded, "too many documents", file: output,
                expected: "fewer than 4 billion in all", advice: "split the input")
        }
        let document = shards[shard].append(id: id, key: key, source: parser.source)
        let number = Int(ids.intern(id.span))
        if number < places.count {
            let old = places[number]
            shards[Int(old.shard)].drop(Int(old.document))
            replacedCount += 1
            places[number] = (UInt32(shard), document)
        } else {
            places.append((UInt32(shard), document))
        }
        try indexer.add(parser.values, of: line, newFields: parser.newFields, shard, document)
        parser.adoptNewFields()
    }

    /// The id of a document that has none: an underscore and its input position.
    private static func madeID(_ key: OrderKey) -> [UInt8] {
        Array("_\(key.rawValue)".utf8)
    }

    private static func isBlank(_ line: Span<UInt8>) -> Bool {
        for index in line.indices {
            switch line[index] {
            case 0x20, 0x09, 0x0A, 0x0D: continue
            default: return false
            }
        }
        return true
    }
}
