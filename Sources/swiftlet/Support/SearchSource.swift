public import ArgumentParser
import Foundation
public import SwiftletClient

/// Where `search` and `batch` search: an index in this process, or a cluster.
struct SearchSource: ParsableArguments {
    @Option(help: ArgumentHelp("Search the index in this folder, in process.", valueName: "folder"))
    var index: String?

    @Option(
        help: ArgumentHelp(
            "Search a cluster through this broker; more are tried if one is silent.",
            valueName: "endpoint"))
    var broker: [String] = []

    @Option(
        help: ArgumentHelp(
            "With --broker: the index to search; may be repeated. Without: all.",
            valueName: "name"))
    var indexName: [String] = []

    @Option(name: .customLong("operator"), help: "How words without operators combine: or, and.")
    var queryOperator = QueryOperator.or

    @Flag(
        help: """
            Take what is wrong in a query as plain words, and of a pattern with too many terms the \
            first ones, instead of refusing it.
            """)
    var lenient = false

    @Flag(help: "Only ids and scores, no documents.")
    var idsOnly = false

    @Option(
        help: """
            How long each query may take, in seconds; without: with --broker as it is configured \
            (`swiftlet configure --query-timeout`), with --index 10.
            """)
    var timeout: Double?

    @Flag(
        help: """
            Take an answer of the shards that have answered, with the account of those that have not, \
            instead of none; the exit status is then 1.
            """)
    var allowPartial = false

    @Option(
        help: ArgumentHelp(
            "With --allow-partial: the least share of the documents that an answer covers.",
            valueName: "fraction"))
    var minCoverage = 0.0

    @Option(help: "With --broker: how it chooses among replicas; without: as it is configured.")
    var loadBalancing: LoadBalancing?

    @Option(
        help: """
            With --broker: 0 to 9; where work waits, queries of a higher priority go first, at most \
            64 of each client for each step.
            """)
    var priority = SearchOptions.defaultPriority

    @Flag(help: "Allow tcp addresses of other hosts; there is no encryption yet.")
    var insecure = false

    func validate() throws {
        guard (index != nil) != !broker.isEmpty else {
            throw ValidationError("give either --index FOLDER or --broker ENDPOINT")
        }
        for endpoint in broker {
            try EndpointCheck.check(endpoint, option: "--broker", allowsInsecure: insecure)
        }
        if let timeout, !(timeout > 0 && timeout <= 300) {
            throw ValidationError("--timeout \(timeout): expected seconds, up to 300")
        }
        guard priority <= 9 else {
            throw ValidationError("--priority \(priority): expected 0 to 9")
        }
        guard 0...1 ~= minCoverage, allowPartial || minCoverage == 0 else {
            throw ValidationError(
                "--min-coverage \(minCoverage): expected a fraction from 0 to 1, beside "
                    + "--allow-partial")
        }
    }

    /// What the options say of every query.
    func options(limit: UInt32, offset: UInt32 = 0) -> SearchOptions {
        var options = SearchOptions(
            indexes: indexName, limit: limit, offset: offset, queryOperator: queryOperator,
            isLenient: lenient, documents: !idsOnly, budget: timeout.map { .seconds($0) },
            partial: allowPartial ? PartialAnswers(minimumCoverage: minCoverage) : nil,
            loadBalancing: loadBalancing)
        options.priority = priority
        return options
    }

    /// Runs a body with the backend, and closes it however the body ends.
    func withBackend<Result>(
        threads: Int = 1, _ body: (any SearchBackend) async throws -> Result
    ) async throws -> Result {
        if let index {
            return try await body(LocalIndex(directory: index, threads: threads))
        }
        return try await withClient(of: broker, as: "swiftlet", body)
    }
}

extension QueryOperator: ExpressibleByArgument {}
extension LoadBalancing: ExpressibleByArgument {}
