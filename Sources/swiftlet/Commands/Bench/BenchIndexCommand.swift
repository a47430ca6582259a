import ArgumentParser
import Foundation
import SearchIndex

/// `swiftlet bench index`: how fast an index is built, and how large it is.
struct BenchIndexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Time the build of an index of one shard from JSON lines, and show its size.",
        discussion: """
            From opening the file to the committed index on disk, which is removed afterwards. Of \
            the repeats the best counts.

            Examples:
              swiftlet bench index --input debian.jsonl
              swiftlet bench index --input debian.jsonl --schema schema.json --repeat 3 --json
            """)

    @Option(help: ArgumentHelp("The JSON lines.", valueName: "file"))
    var input: String

    @Option(help: ArgumentHelp("A schema as JSON; see docs/query-language.md.", valueName: "file"))
    var schema: String?

    @Option(name: .customLong("repeat"), help: "How often the index is built.")
    var repeats = 1

    @Option(
        help: ArgumentHelp(
            "Leave the index in this folder, which must not exist.", valueName: "folder"))
    var keep: String?

    @Option(help: "How many threads to build with.")
    var threads = 1

    @Flag(help: "Print one JSON object.")
    var json = false

    /// The longest line taken, in bytes.
    private static let longestLine = IndexBuildOptions.documentBytesLimit

    func validate() throws {
        guard (1...IndexBuildOptions.maximumThreads).contains(threads) else {
            throw ValidationError(
                "--threads \(threads): expected 1 to \(IndexBuildOptions.maximumThreads)")
        }
        guard (1...1_000).contains(repeats) else {
            throw ValidationError("--repeat \(repeats): expected 1 to 1000")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let schema = try schema.map(IndexBuildCommand.readSchema)
            let folder = keep ?? NSTemporaryDirectory() + "swiftlet-bench-\(UUID().uuidString)"
            defer { if keep == nil { try? FileManager.default.removeItem(atPath: folder) } }
            var best: Duration?
            for turn in 0..<repeats {
                if turn > 0 { try FileManager.default.removeItem(atPath: folder) }
                let took = try build(folder, schema)
                best = min(best ?? took, took)
            }
            let index = try EmbeddedIndex(directory: folder)
            let report = try BenchIndexReport(index, seconds: (best ?? .zero) / .seconds(1))
            Console.write(json ? report.json + "\n" : report.lines, to: .standardOutput)
        }
    }

    private func build(_ folder: String, _ schema: Schema?) throws -> Duration {
        let began = ContinuousClock.now
        let builder = try IndexBuilder(
            output: folder,
            options: IndexBuildOptions(
                shardCount: 1, schema: schema, isStrict: true,
                maximumDocumentBytes: Self.longestLine, threadCount: threads))
        var blocks = try BlockReader(path: input, longestLine: Self.longestLine)
        while let block = try blocks.nextBlock() {
            let line = Int(builder.lineCount) + 1
            try builder.add(block: block, file: blocks.name, firstLine: line)
        }
        _ = try builder.finish()
        return began.duration(to: .now)
    }
}
