/// Builds an index from JSON documents, line by line, and writes it in one go.
///
/// Give it the lines of the input in order, one by one with `add(line:…)` or many at once with
/// `add(block:…)`, which several threads work on; then call `finish`. Everything is written into a
/// temporary folder beside the output, which gets its name when all is complete; a failed,
/// abandoned or killed build leaves nothing that looks like an index, and all but the killed one
/// leave nothing at all. The files do not depend on the number of threads, nor on the memory.
///
/// Not safe to use from several threads at once.
public final class IndexBuilder {
    /// The longest id, in UTF-8 bytes.
    public static let maximumIDBytes = 1024

    /// The folder that the index is written to.
    public let output: String
    /// How many lines were taken, bad and blank ones included; the next one's order key.
    public private(set) var lineCount: UInt64 = 0
    /// How many lines were found to be no documents.
    public private(set) var badLineCount: UInt64 = 0
    /// How many documents were replaced by later ones with the same id; known after `finish`.
    public private(set) var replacedCount: UInt64 = 0

    private let options: IndexBuildOptions
    private let directory: TemporaryDirectory
    private let runFolder: String
    private var worker: RunWorker
    private var pool: BlockPool?
    private var runs: [RunSource] = []

    /// Starts a build into `output`, which must not exist; its parent must.
    ///
    /// - Throws: `alreadyExists`, `badInput` for options out of range, `missing`, `noSpace` or
    ///   `inputOutput`.
    public init(output: String, options: IndexBuildOptions) throws(IndexError) {
        try options.check(output: output)
        self.output = output
        self.options = options
        directory = try TemporaryDirectory(for: output)
        runFolder = "\(directory.path)/runs"
        worker = RunWorker(
            options, folder: runFolder, name: "own", memoryBytes: options.memoryBytes)
        try FileSystem.createFolder(runFolder)
    }

    deinit { pool?.close() }

    /// Adds one line of input: a document, or nothing when it holds only white space.
    ///
    /// - Parameters:
    ///   - line: The line without its line feed; a carriage return before it does no harm.
    ///   - file: The input's name, for errors.
    ///   - number: The line's number in the input, from 1.
    /// - Returns: What is wrong when the line is no document and the build is not strict.
    /// - Throws: `badInput` for such a line in a strict build; `noSpace` or `inputOutput`.
    @discardableResult
    public func add(
        line: Span<UInt8>, file: String, number: Int
    ) throws(IndexError) -> BadLine? {
        let key = OrderKey(lineCount)
        lineCount += 1
        do throws(DocumentProblem) {
            try worker.add(line, key: key)
        } catch {
            let bad = BadLine(
                file: file, line: number, byteOffset: error.byteOffset, reason: error.reason)
            return try refuse([bad]).first
        }
        try worker.spillIfNeeded()
        return nil
    }

    /// Adds whole lines of input, to be worked on by the threads of the build.
    ///
    /// - Parameters:
    ///   - block: The lines with their line feeds, which the last may lack.
    ///   - file: The input's name, for errors.
    ///   - firstLine: The number of the first line in the input, from 1.
    /// - Returns: Bad lines of this block and those before that were not returned yet, in order;
    ///   the rest comes from later calls.
    /// - Throws: As `add(line:file:number:)`.
    @discardableResult
    public func add(
        block: [UInt8], file: String, firstLine: Int
    ) throws(IndexError) -> [BadLine] {
        let block = InputBlock(
            bytes: block, file: file, firstLine: firstLine, firstKey: lineCount)
        lineCount += UInt64(InputBlock.lineCount(block.bytes))
        if options.threadCount == 1 {
            let bad = worker.add(block)
            try worker.spillIfNeeded()
            return try refuse(bad)
        }
        if pool == nil {
            pool = try BlockPool(
                options, folder: runFolder, threads: options.threadCount,
                memoryBytes: options.memoryBytes)
        }
        guard let pool else { return [] }
        return try refuse(try pool.add(block))
    }

    /// Waits until all lines given are worked on.
    ///
    /// - Returns: The bad lines that were not returned yet, in order.
    /// - Throws: As `add(line:file:number:)`.
    public func finishInput() throws(IndexError) -> [BadLine] {
        guard let finished = try pool?.finish() else { return [] }
        pool = nil
        runs += finished.runs
        return try refuse(finished.bad)
    }

    /// Writes the index and gives it its name.
    ///
    /// - Parameter progress: Is told about the segments written.
    /// - Throws: `badInput` when there is no document, `limitExceeded`, `noSpace` or
    ///   `inputOutput`; the temporary folder is then removed, and the build is over.
    public func finish(
        progress: (IndexBuildProgress) -> Void = { _ in }
    ) throws(IndexError) -> IndexDescription {
        defer { directory.remove() }
        _ = try finishInput()
        runs += worker.finish()
        let sources = runs.map(\.source)
        let plan = try PlacementPlan(
            sources, deleted: sources.map { _ in nil },
            PlacementPlan.Rules(
                shardCount: options.shardCount,
                documentsPerSegment: options.documentsPerSegment),
            threads: options.threadCount)
        replacedCount = plan.replacedCount
        guard !plan.targets.isEmpty else {
            throw IndexError(
                .badInput, "the input has no document", file: output,
                found: "\(lineCount) lines, \(badLineCount) of them bad",
                advice: "give at least one line with a JSON object")
        }
        let schema: Schema
        if let given = options.schema {
            schema = given
        } else {
            schema = try Schema(inferredFrom: runs, plan, name: output)
        }
        let writer = IndexWriter(
            name: options.name ?? TemporaryDirectory.lastComponent(of: output),
            buildID: options.buildID ?? .random(), schema: schema, shardCount: options.shardCount,
            directory: directory.path)
        let index = try writer.write(
            SegmentAssembler(
                sources: sources, plan: plan, buildID: writer.buildID,
                storesSource: schema.storesSource,
                threads: options.threadCount, memoryBytes: options.memoryBytes / 3),
            progress: progress)
        FileSystem.removeTree(runFolder)
        try directory.publish()
        return index
    }

    private func refuse(_ bad: [BadLine]) throws(IndexError) -> [BadLine] {
        guard options.isStrict, let first = bad.first else {
            badLineCount += UInt64(bad.count)
            return bad
        }
        badLineCount += 1
        pool?.close()
        directory.remove()
        throw IndexError(
            .badInput, "bad line: \(first)", file: first.file,
            advice: "correct the line, or build without strict mode to skip it")
    }
}
