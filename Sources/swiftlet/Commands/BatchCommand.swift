import ArgumentParser
import Foundation
import SwiftletClient
import SystemPackage

/// `swiftlet batch`: many queries.
struct BatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "Answer many queries, from an index in this process or from a cluster.",
        discussion: """
            Input: JSON lines {"id", "text", "limit", "offset", "operator", "after", "documents"}, or lines \
            of an id, a tab and a query. Output, in the order of the input: JSON lines, or with --format trec lines \
            of query id, Q0, document id, rank, score, tag (white space in document ids as %20 and \
            the like). Memory does not grow with the input. Exit code 1 if any query failed or any \
            line was bad.

            Examples:
              swiftlet batch --index data/debian --input queries.tsv --output answers.jsonl
              swiftlet batch --broker ipc:///run/swiftlet/broker-1.clients --input queries.jsonl \\
                --output run.trec --format trec --limit 100
            """)

    @OptionGroup var source: SearchSource

    @OptionGroup var results: ResultOptions

    @Option(help: ArgumentHelp("The queries; - is the standard input.", valueName: "file"))
    var input: String

    @Option(help: ArgumentHelp("Where to write; - is the standard output.", valueName: "file"))
    var output: String

    @Option(help: "json or trec.")
    var format = BatchOutput.Form.json

    @Option(help: "The most hits of a query that does not say.")
    var limit: UInt32 = 10

    @Flag(help: "End at the first bad line.")
    var strict = false

    @Option(help: "With --index: searches at once.")
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: ArgumentHelp("Write counts and times as JSON.", valueName: "file"))
    var summary: String?

    /// The longest input line, in bytes.
    private static let longestLine = 1 << 20

    func validate() throws {
        guard (1...1_024).contains(threads) else {
            throw ValidationError("--threads \(threads): expected 1 to 1024")
        }
        guard format != .trec || results.sort == nil else {
            throw ValidationError(
                "--format trec and --sort: a list of TREC's form has scores; use --format json")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let began = ContinuousClock.now
            var reader = try BatchReader(
                LineReader(path: input, longestLine: Self.longestLine), isStrict: strict,
                isForTREC: format == .trec)
            var totals = BatchSummary()
            var progress = Progress("queries", total: nil)
            let lines = BatchOutput(format)
            var options = source.options(limit: limit)
            try results.apply(to: &options)
            // A hit list in TREC's form has no room for documents and fragments.
            if format == .trec {
                options.documents = false
                options.highlighting = nil
            }
            try await source.withBackend(threads: threads) { backend in
                // Only now, so that an index that is none costs no earlier answers.
                let writer = try OutputFile(path: output)
                try await BatchRunner(backend: backend, options: options).run(
                    next: { try reader.next() },
                    write: { chunk in
                        for (line, answer) in chunk {
                            totals.add(answer)
                            report(line, answer)
                            try writer.write(lines.lines(of: line.id, answer))
                        }
                        progress.update(totals.items)
                    })
                try writer.close()
            }
            progress.finish()
            try finish(totals, reader.badLines, began.duration(to: .now) / .seconds(1))
        }
    }

    private func report(_ line: BatchLine, _ answer: Result<SearchResponse, SearchError>) {
        guard case .failure(let error) = answer else { return }
        Console.error("query \(line.id): \(error)")
    }

    private func finish(_ totals: BatchSummary, _ badLines: Int, _ seconds: Double) throws {
        if let summary {
            do {
                try Data((totals.json(seconds: seconds) + "\n").utf8)
                    .write(to: URL(fileURLWithPath: summary))
            } catch {
                throw CommandFailure(.cannotCreate, "\(summary): \(error.localizedDescription)")
            }
        }
        let (p50, p99) = totals.percentiles
        let rate = Int(Double(totals.items) / max(seconds, 0.000_001))
        Console.error(
            "\(totals.items) queries: \(totals.completed) answered completely, \(totals.failed) "
                + "failed, \(badLines) bad lines; \(rate) queries/s; p50 \(p50) µs, p99 \(p99) µs")
        if totals.failed > 0 || badLines > 0 { throw ExitStatus.partial.exitCode }
    }
}

extension BatchOutput.Form: ExpressibleByArgument {}

/// The queries of an input, bad lines reported and passed over.
private struct BatchReader {
    private(set) var badLines = 0
    private var lines: LineReader
    private var form: BatchLine.Form?
    private var number = 0
    private let isStrict: Bool
    private let isForTREC: Bool
    private static let reportedBadLines = 20

    init(_ lines: LineReader, isStrict: Bool, isForTREC: Bool) {
        self.lines = lines
        self.isStrict = isStrict
        self.isForTREC = isForTREC
    }

    mutating func next() throws -> BatchLine? {
        while let line = try lines.nextLine() {
            number += 1
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            let form = self.form ?? BatchLine.Form(of: line)
            self.form = form
            do throws(BatchLine.Problem) {
                return try BatchLine(line, number: number, form: form, isForTREC: isForTREC)
            } catch {
                try refuse("\(lines.name):\(number): \(error)")
            }
        }
        return nil
    }

    private mutating func refuse(_ problem: String) throws {
        guard !isStrict else { throw CommandFailure(.badData, problem) }
        badLines += 1
        if badLines <= Self.reportedBadLines { Console.error("bad line: \(problem)") }
    }
}

/// An output file that takes bytes in order.
///
/// A file that exists is written in place: a link, a pipe or a device stays what it is.
private final class OutputFile {
    private let file: FileDescriptor
    private let path: String
    private var buffer: [UInt8] = []
    private static let bufferBytes = 1 << 18

    init(path: String) throws {
        self.path = path
        guard path != "-" else {
            file = .standardOutput
            return
        }
        do {
            file = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
        } catch {
            throw CommandFailure(.cannotCreate, "\(path): the output cannot be made: \(error)")
        }
    }

    func write(_ bytes: [UInt8]) throws {
        buffer += bytes
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    func close() throws {
        try flush()
        if path != "-" { try file.close() }
    }

    private func flush() throws {
        do {
            try file.writeAll(buffer)
        } catch {
            throw CommandFailure(.inputOutput, "\(path): writing failed: \(error)")
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
