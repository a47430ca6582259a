import ArgumentParser

/// The benchmarks of Swiftlet. `scripts/benchmark` prepares the data and the cluster for them.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Benchmarks",
        abstract: "Measures Swiftlet, side by side in one run, and checks the answers.",
        discussion: """
            Every round measures each part once; the first round warms up and is dropped. The table
            gives the median over the other rounds, and their smallest and largest. \
            scripts/benchmark prepares data and cluster and runs `all`.

            EXAMPLES
              Benchmarks small
              Benchmarks prepare --documents docs.jsonl --data data
              Benchmarks search --documents docs.jsonl --queries queries.tsv --data data
            """,
        subcommands: [
            All.self, Build.self, Search.self, Cluster.self, Exchange.self, Bounds.self,
            Prepare.self, Small.self,
        ])
}

/// Writes the indexes that the other commands search.
struct Prepare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Builds the indexes `one` (1 shard) and `four` (4 shards) that the rest searches."
    )

    @Option(help: "The documents, JSON lines.") var documents: String
    @Option(help: "The folder for the two index folders.") var data: String

    func run() async throws {
        try EngineIndex.prepare(from: documents, data: data)
    }
}

/// Measures everything.
struct All: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Measures everything side by side.")

    @OptionGroup var options: RunOptions

    func run() async throws { try await Run(Part.table, options).execute() }
}

/// Measures the index build.
struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Index build rate (documents/s, MB/s) and index size by kind of section.")

    @OptionGroup var options: RunOptions

    func run() async throws { try await Run([.build], options).execute() }
}

/// Measures searches in process.
struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Query times in process (µs), one thread, 1 and 4 shards, top 10.")

    @OptionGroup var options: RunOptions

    func run() async throws { try await Run([.search], options).execute() }
}

/// Measures searches through a cluster.
struct Cluster: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Queries/s and latency (µs) through the cluster at --broker.")

    @OptionGroup var options: RunOptions

    func run() async throws { try await Run([.cluster], options).execute() }
}

/// Measures the C exchange.
struct Exchange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The C zmq_proxy exchange: items/s and round trips (µs), sizes as in the cluster."
    )

    @OptionGroup var options: RunOptions

    func run() async throws { try await Run([.exchange], options).execute() }
}

/// Measures the coordinator against its bounds.
struct Bounds: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "The broker, added latency and batches against zmq_proxy and the search in process.",
        discussion: """
            The cluster at --broker needs as many workers as --threads, of one thread each, that serve \
            the index `one`.
            """)

    @OptionGroup var options: RunOptions

    func run() async throws { try await Run([.bounds], options).execute() }
}
