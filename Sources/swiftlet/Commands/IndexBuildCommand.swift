import ArgumentParser
import Foundation
import SearchIndex

/// `swiftlet index build`: an index from JSON lines.
struct IndexBuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build an index from JSON lines: one object a line, its \"id\" naming it.",
        discussion: """
            Without a schema every string member becomes a text field, and the command says which. \
            Of lines with the same id the last one counts. Bad lines are reported and passed over.

            Examples:
              swiftlet index build --shards 4 --output data/debian debian.jsonl
              zcat docs.jsonl.gz | swiftlet index build --shards 2 --output data/docs -
              swiftlet index build --schema schema.json --shards 1 --strict --output data/x *.jsonl
            """)

    @Option(help: ArgumentHelp("A schema as JSON; see docs/schema.md.", valueName: "file"))
    var schema: String?

    @Option(help: "How many shards to cut the index into.")
    var shards: Int

    @Option(help: ArgumentHelp("The folder to make; it must not exist.", valueName: "folder"))
    var output: String

    @Flag(help: "End at the first bad line instead of passing over it.")
    var strict = false

    @Option(help: "The longest line taken, in bytes.")
    var maxDocumentBytes = 1 << 20

    @Option(help: "How many threads to use; by default one for each processor, at most 8.")
    var threads = IndexBuildOptions.defaultThreadCount

    @Option(
        help: ArgumentHelp(
            "The memory for documents and terms, like 512MB or 2GB; beyond it they are written "
                + "out and merged in the end.", valueName: "size"))
    var memory = ByteSize(bytes: IndexBuildOptions.defaultMemoryBytes)

    @Flag(help: "Print a summary as JSON.")
    var json = false

    @Argument(help: "Files of JSON lines; - is the standard input.")
    var inputs: [String]

    /// Bad lines that are reported in full.
    private static let reportedBadLines = 20

    func validate() throws {
        guard !inputs.isEmpty else { throw ValidationError("give at least one input file") }
        guard (1...IndexDescription.maximumShards).contains(shards) else {
            throw ValidationError(
                "--shards \(shards): expected 1 to \(IndexDescription.maximumShards)")
        }
        guard (1...IndexBuildOptions.maximumThreads).contains(threads) else {
            throw ValidationError(
                "--threads \(threads): expected 1 to \(IndexBuildOptions.maximumThreads)")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let began = ContinuousClock.now
            let builder = try IndexBuilder(output: output, options: try options())
            for input in inputs { try add(input, to: builder) }
            let badLines = builder.badLineCount
            if badLines > UInt64(Self.reportedBadLines) {
                Console.error(
                    "… and \(badLines - UInt64(Self.reportedBadLines)) more bad lines")
            }
            let index = try builder.finish()
            report(index, builder, seconds: began.duration(to: .now) / .seconds(1))
        }
    }

    private func options() throws -> IndexBuildOptions {
        IndexBuildOptions(
            shardCount: shards, schema: try schema.map(Self.readSchema), isStrict: strict,
            maximumDocumentBytes: maxDocumentBytes, threadCount: threads,
            memoryBytes: memory.bytes)
    }

    /// Reads a schema; files of synonyms that it names lie beside it.
    static func readSchema(_ path: String) throws -> Schema {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.noInput, "\(path): the schema cannot be read")
        }
        do {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            return try Schema(json: Array(data), folder: folder)
        } catch {
            throw CommandFailure(.badData, "\(path): \(error)")
        }
    }

    private func add(_ input: String, to builder: IndexBuilder) throws {
        var blocks = try BlockReader(path: input, longestLine: maxDocumentBytes)
        var progress = Progress("bytes of \(blocks.name)", total: blocks.size)
        defer { progress.finish() }
        let before = builder.lineCount
        while let block = try blocks.nextBlock() {
            let bad = try builder.add(
                block: block, file: blocks.name, firstLine: Int(builder.lineCount - before) + 1)
            print(bad, of: builder)
            progress.update(blocks.bytesRead)
        }
        print(try builder.finishInput(), of: builder)
    }

    /// Prints bad lines, up to a number of them in all.
    private func print(_ bad: [BadLine], of builder: IndexBuilder) {
        let before = Int(builder.badLineCount) - bad.count
        for line in bad.prefix(max(0, Self.reportedBadLines - before)) {
            Console.error("bad line: \(line)")
        }
    }

    private func report(_ index: IndexDescription, _ builder: IndexBuilder, seconds: Double) {
        let documents = index.statistics.documents
        if json {
            let summary = IndexSummary(index, badLines: builder.badLineCount, seconds: seconds)
            return Console.line(summary.json)
        }
        if schema == nil {
            let names = index.schema.fields.map(\.name).joined(separator: ", ")
            Console.line("no schema given: made text fields of every string member: \(names)")
        }
        Console.line(
            "\(output): \(documents) documents in \(index.shardCount) shards, build "
                + "\(index.buildID), \(Self.rounded(seconds)) s")
        if !index.schema.storesSource {
            Console.line("no documents are stored (store_source): searches give their ids only")
        }
        if builder.replacedCount > 0 {
            Console.line("\(builder.replacedCount) lines were replaced by later ones of their id")
        }
        if builder.badLineCount > 0 {
            Console.line("\(builder.badLineCount) bad lines were passed over")
        }
    }

    private static func rounded(_ seconds: Double) -> String {
        seconds.formatted(.number.precision(.fractionLength(2)).locale(Locale(identifier: "en")))
    }
}

/// An index described as JSON, for scripts.
struct IndexSummary: Encodable {
    let name: String
    let build: String
    let shards: Int
    let documents: UInt64
    let tokens: [String: UInt64]
    let badLines: UInt64?
    let seconds: Double?

    enum CodingKeys: String, CodingKey {
        case name, build, shards, documents, tokens, seconds
        case badLines = "bad_lines"
    }

    init(_ index: IndexDescription, badLines: UInt64? = nil, seconds: Double? = nil) {
        name = index.name
        build = index.buildID.description
        shards = index.shardCount
        documents = index.statistics.documents
        tokens = Dictionary(
            index.statistics.fields.map { ($0.name, $0.tokens) }, uniquingKeysWith: { $1 })
        self.badLines = badLines
        self.seconds = seconds
    }

    /// One line of JSON.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
