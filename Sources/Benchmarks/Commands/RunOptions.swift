import ArgumentParser

/// What is measured in a run.
enum Part: String, CaseIterable, Sendable {
    case build
    case search
    case cluster
    case exchange
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
    @Option(help: "Counted rounds.") var repeats = 5
    @Option(help: "Queries of a round for batches.") var batchQueries = 5_000
    @Option(help: "Queries of a round that are timed one by one.") var timedQueries = 1_000
    @Option(help: "Items of a round through the C exchange with 256 in flight.")
    var exchangeItems = 200_000
    @Option(help: "Words for the table's head that say where the documents come from.")
    var source = "the documents given"
    @Option(help: "A Markdown file whose part between the markers is replaced by the result.")
    var write: String?

    mutating func validate() throws {
        guard repeats > 0, batchQueries > 0, timedQueries > 0, exchangeItems > 0 else {
            throw ValidationError("repeats, queries and items are at least 1")
        }
    }
}
