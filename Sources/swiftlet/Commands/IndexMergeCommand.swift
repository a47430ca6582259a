import ArgumentParser
import SearchIndex

/// `swiftlet index merge`: one segment a shard, without deleted documents.
struct IndexMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Make one segment of the segments of each shard; drop deleted documents.",
        discussion: """
            Statistics then count the documents that are left. Needs free space for a copy of the \
            index. Killed at any point it leaves an index that opens; run it again. Nothing else \
            may change the index meanwhile.

            Example:
              swiftlet index merge data/debian
            """)

    @Option(help: "How many threads to use; by default one for each processor, at most 8.")
    var threads = IndexBuildOptions.defaultThreadCount

    @Argument(help: "The index's folder.")
    var folder: String

    func validate() throws {
        guard (1...IndexBuildOptions.maximumThreads).contains(threads) else {
            throw ValidationError(
                "--threads \(threads): expected 1 to \(IndexBuildOptions.maximumThreads)")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let merger = try IndexMerger(directory: folder, threads: threads)
            Console.line("\(folder): \(try merger.merge() ? "merged" : "nothing to merge")")
        }
    }
}
