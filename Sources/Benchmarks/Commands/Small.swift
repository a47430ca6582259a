import ArgumentParser
import Foundation
import ZeroMQ

/// The small mode: everything in seconds on made-up documents, with the cluster in this process.
struct Small: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Everything in seconds on made-up documents, to see that it works.",
        discussion: "Broker and worker run in this process. The numbers mean nothing.")

    @Option(help: "The compiled program of Sources/Benchmarks/Exchange/exchange.c; none: left out.")
    var exchange: String?

    @Option(help: "The executable `swiftlet`, for the bounds; none: left out.")
    var swiftlet: String?

    func run() async throws {
        try await Self.report(exchange: exchange)
        if let exchange, let swiftlet {
            try await Self.bounds(exchange: exchange, swiftlet: swiftlet)
        }
    }

    /// The table of results.
    @discardableResult
    static func report(exchange: String?) async throws -> Report {
        guard let exchange else { return try await run(Part.table.subtracting([.exchange]), []) }
        return try await run(Part.table, ["--exchange", exchange])
    }

    /// The table of the bounds.
    @discardableResult
    static func bounds(exchange: String, swiftlet: String) async throws -> Report {
        try await run(
            [.bounds],
            [
                "--exchange", exchange, "--swiftlet", swiftlet, "--threads", "1",
                "--broker-items", "1000", "--heavy-queries", "100", "--heavy-milliseconds", "0.01",
            ])
    }

    /// Runs in a folder of its own, which is removed.
    private static func run(_ parts: Set<Part>, _ options: [String]) async throws -> Report {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try SyntheticData.write(into: folder)
        try EngineIndex.prepare(from: "\(folder)/documents.jsonl", data: folder)
        let cluster = try LocalCluster(
            folder: folder, data: folder, indexes: ["one", "four"], context: Context())
        defer { cluster.stop() }
        let arguments = [
            "--documents", "\(folder)/documents.jsonl", "--queries", "\(folder)/queries.tsv",
            "--data", folder, "--broker", cluster.clients, "--repeats", "2",
            "--batch-queries", "60", "--timed-queries", "20", "--exchange-items", "2000",
            "--source", "made-up documents",
        ]
        return try await Run(parts, try RunOptions.parse(arguments + options)).execute()
    }
}
