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

    func run() async throws { try await Self.report(exchange: exchange) }

    /// Runs in a folder of its own, which is removed.
    @discardableResult
    static func report(exchange: String?) async throws -> Report {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try SyntheticData.write(into: folder)
        try EngineIndex.prepare(from: "\(folder)/documents.jsonl", data: folder)
        let cluster = try LocalCluster(
            folder: folder, data: folder, indexes: ["one", "four"], context: Context())
        defer { cluster.stop() }
        var arguments = [
            "--documents", "\(folder)/documents.jsonl", "--queries", "\(folder)/queries.tsv",
            "--data", folder, "--broker", cluster.clients, "--repeats", "2",
            "--batch-queries", "60", "--timed-queries", "20", "--exchange-items", "2000",
            "--source", "made-up documents",
        ]
        var parts = Set(Part.allCases)
        if let exchange {
            arguments += ["--exchange", exchange]
        } else {
            parts.remove(.exchange)
        }
        return try await Run(parts, try RunOptions.parse(arguments)).execute()
    }
}
