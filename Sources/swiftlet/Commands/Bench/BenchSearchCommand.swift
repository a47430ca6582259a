import ArgumentParser
import ClusterRuntime
import Foundation
import SearchIndex
import SwiftletClient

/// `swiftlet bench search`: times of many queries on an index in this process.
struct BenchSearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Time the queries of a file, one a line, on an index in this process.",
        discussion: """
            Queries are parsed before the clock starts. Of each the best of the repeats counts; \
            mean and percentiles (nearest rank) are over the queries.

            Modes: union (any of the line's words), intersection (all), phrase (side by side), \
            term (each word of the file by itself), typed (the line in the query language).

            Examples:
              swiftlet bench search --index data/debian --queries queries.txt
              swiftlet bench search --index data/debian --queries queries.txt --modes union,term \
            --limit 100 --repeat 8 --json
            """)

    @Option(help: ArgumentHelp("The index's folder.", valueName: "folder"))
    var index: String

    @Option(help: ArgumentHelp("The queries; - is the standard input.", valueName: "file"))
    var queries: String

    @Option(help: "Comma-separated: union, intersection, phrase, term, typed.")
    var modes = BenchModes.usual

    @Option(help: "The most hits of a query.")
    var limit: UInt32 = 10

    @Option(name: .customLong("repeat"), help: "How often every query is searched.")
    var repeats = 4

    @Option(help: "Whether all matches are counted: exact or none.")
    var count = CountChoice.none

    @Option(help: "Searches at once.")
    var threads = 1

    @Flag(help: "Print one JSON array: mode, mean_us, p50_us, p90_us, p99_us, queries.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Write a JSON line for each query and mode: its best time, total and hits.",
            valueName: "file"))
    var dump: String?

    @Option(
        help: ArgumentHelp(
            "Write as JSON what opening took and what memory is used.", valueName: "file"))
    var resources: String?

    func validate() throws {
        guard (1...1_000_000).contains(repeats) else {
            throw ValidationError("--repeat \(repeats): expected 1 to 1000000")
        }
        guard (1...1_024).contains(threads) else {
            throw ValidationError("--threads \(threads): expected 1 to 1024")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let lines = try QueryFile.lines(of: queries)
            var use = BenchResources()
            let folder = index
            let index = try use.opening { () throws(IndexError) in
                try EmbeddedIndex(directory: folder)
            }
            let bench = SearchBench(
                index: index, limit: Int(limit), repeats: repeats, totals: count.totals,
                threads: threads)
            var summaries: [BenchSummary] = []
            var dumped: [UInt8] = []
            for mode in modes.modes {
                let queries = try mode.queries(of: lines, in: index)
                let timings = try await bench.run(queries)
                summaries.append(BenchSummary(mode, timings))
                if dump != nil { BenchDump.append(mode, queries, timings, to: &dumped) }
            }
            use.recordEnd()
            if let dump { try Self.write(dumped, to: dump) }
            if let resources { try Self.write(Array(use.json.utf8), to: resources) }
            try print(summaries)
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure(.cannotCreate, "\(path): cannot be written: \(error)")
        }
    }

    private func print(_ summaries: [BenchSummary]) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return Console.line(String(decoding: try encoder.encode(summaries), as: UTF8.self))
        }
        for each in summaries {
            let times = [
                ("mean", each.meanUs), ("p50", each.p50Us), ("p90", each.p90Us),
                ("p99", each.p99Us),
            ].map { "\($0.0) \($0.1.tenths) µs" }
            Console.line(
                "\(each.mode): \(times.joined(separator: ", ")) (\(each.queries) queries)")
        }
    }
}

/// Whether a bench counts all matches.
enum CountChoice: String, ExpressibleByArgument, CaseIterable {
    case exact, none

    /// What the search is told.
    var totals: TotalCounting { self == .exact ? .exact : .none }
}
