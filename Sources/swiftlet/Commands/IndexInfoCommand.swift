import ArgumentParser
import SearchIndex

/// `swiftlet index info`: what an index is.
struct IndexInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Describe an index: build, fields, shards, documents.",
        discussion: """
            Examples:
              swiftlet index info data/debian
              swiftlet index info --json data/debian
            """)

    @Flag(help: "Print the description as JSON.")
    var json = false

    @Argument(help: "The index's folder.")
    var folder: String

    func run() async throws {
        try await reportingFailures {
            let index = try EmbeddedIndex(directory: folder)
            let description = index.description
            guard !json else { return Console.line(IndexSummary(description).json) }
            Console.line("index      \(description.name)")
            Console.line("build      \(description.buildID)")
            Console.line("documents  \(description.statistics.documents)")
            for field in description.schema.fields {
                let tokens = description.statistics.field(named: field.name)?.tokens
                let size = tokens.map { "\($0) tokens" } ?? "not indexed"
                let analyzer = field.kind == .text ? " (\(field.analyzer))" : ""
                Console.line("field      \(field.name): \(field.kind)\(analyzer), \(size)")
            }
            for searcher in index.shards {
                let shard = searcher.shard
                Console.line(
                    "shard      \(shard.number): \(shard.liveDocuments) documents, generation "
                        + "\(shard.generation)")
            }
        }
    }
}
