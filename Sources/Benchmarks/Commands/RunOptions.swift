import ArgumentParser
import Foundation

/// What is measured in a run.
enum Part: String, CaseIterable, Sendable {
    case build
    case search
    case cluster
    case exchange
    /// The coordinator against its bounds; a run of its own.
    case bounds

    /// The parts of the table of results.
    static let table: Set<Part> = [.build, .search, .cluster, .exchange]
}

/// On which data a run measures, how often, and where the result goes.
struct RunOptions: ParsableArguments {
    @Option(help: "The documents, JSON lines.") var documents: String
    @Option(help: "The queries, lines of id<TAB>text.") var queries: String
    @Option(help: "The folder of the indexes `one` and `four` (see `prepare`).") var data: String
    @Option(help: "Endpoint of a broker's client socket whose workers serve both indexes.")
    var broker: String?
    @Option(help: "The compiled program of Sources/Benchmarks/Exchange/exchange.c.")
    var exchange: String?
    @Option(help: "The executable `swiftlet`, for its `bench broker`.")
    var swiftlet: String?
    @Option(help: "Search threads in process, as many as the cluster has workers of one thread.")
    var threads = ProcessInfo.processInfo.activeProcessorCount
    @Option(help: "Counted rounds.") var repeats = 5
    @Option(help: "Queries of a round for batches.") var batchQueries = 5_000
    @Option(help: "Queries of a round that are timed one by one.") var timedQueries = 1_000
    @Option(help: "Items of a round through the C exchange with 256 in flight.")
    var exchangeItems = 200_000
    @Option(help: "Items of a round through `bench broker`.")
    var brokerItems = 100_000
    @Option(help: "Queries of a round that take long to search.")
    var heavyQueries = 2_000
    @Option(help: "The least mean of those in process, in milliseconds.")
    var heavyMilliseconds = 1.0
    @Option(help: "Words for the table's head that say where the documents come from.")
    var source = "the documents given"
    @Option(help: "A Markdown file whose part between the markers is replaced by the result.")
    var write: String?

    mutating func validate() throws {
        guard repeats > 0, batchQueries > 0, timedQueries > 0, exchangeItems > 0,
            brokerItems > 0, heavyQueries > 0, threads > 0
        else {
            throw ValidationError("repeats, queries, items and threads are at least 1")
        }
    }
}
