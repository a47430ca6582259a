import ArgumentParser
import ClusterCore
import Foundation
import SwiftletClient

/// `swiftlet bench cluster`: times of queries that arrive at a cluster at a given rate.
struct BenchClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Send the queries of a file to a cluster at a rate, and time the answers.",
        discussion: """
            An open loop: queries arrive at random instants, on average at the rate, whether those \
            before are answered or not. Times are from the planned instant to the answer, by the \
            interval in which the query arrived, nearest rank, of complete answers alone. Stop or kill a worker meanwhile to see \
            what it costs. Exit status 1 if a query failed or its answer was not complete.

            Example:
              swiftlet bench cluster --broker ipc:///run/swiftlet/broker-1.clients \\
                --queries queries.txt --rate 500 --seconds 60
            """)

    @Option(help: ArgumentHelp("A broker's clients' endpoint.", valueName: "endpoint"))
    var broker: [String]

    @Option(help: ArgumentHelp("The queries; - is the standard input.", valueName: "file"))
    var queries: String

    @Option(help: "Queries a second, on average.")
    var rate: Double

    @Option(help: "How long queries arrive.")
    var seconds = 60.0

    @Option(help: "Seconds of one line of the report.")
    var interval = 10.0

    @Option(help: "The most hits of a query.")
    var limit: UInt32 = 10

    @Option(help: "How long each query may take, in seconds.")
    var timeout = 10.0

    @Flag(
        help:
            "Print one JSON array: from_s, to_s, queries, failed, mean_us, p50_us, p99_us, max_us.")
    var json = false

    @Flag(help: "Allow tcp addresses of other hosts; there is no encryption yet.")
    var insecure = false

    func validate() throws {
        for endpoint in broker {
            try EndpointCheck.check(endpoint, option: "--broker", allowsInsecure: insecure)
        }
        guard !broker.isEmpty, (0.1...1_000_000).contains(rate),
            (0.1...86_400).contains(seconds), (0.1...seconds).contains(interval),
            (0.001...300).contains(timeout)
        else {
            throw ValidationError(
                "expected a --broker, --rate 0.1 to 1000000, --seconds 0.1 to 86400, --interval 0.1 to "
                    + "the seconds, --timeout 0.001 to 300")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let lines = try QueryFile.lines(of: queries)
            let client = try SearchClient(endpoints: broker, name: "bench")
            let loop = OpenLoop(
                client: client, queries: lines, rate: rate, duration: .seconds(seconds),
                options: SearchOptions(limit: limit, documents: false, budget: .seconds(timeout)))
            let arrivals = await loop.run()
            await client.close()
            let intervals = BenchInterval.all(arrivals, seconds: interval)
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys]
                Console.line(String(decoding: try encoder.encode(intervals), as: UTF8.self))
            } else {
                for each in intervals { Console.line(each.line) }
            }
            if arrivals.contains(where: { $0.failure != nil }) { throw ExitStatus.partial.exitCode }
        }
    }
}

/// What arrived in one interval of an open loop.
struct BenchInterval: Encodable {
    let fromSeconds: Double
    let toSeconds: Double
    let queries: Int
    let failed: Int
    /// By code.
    let failures: [String: Int]
    /// Of the complete answers; nil without any.
    let meanUs: Double?
    let p50Us: Double?
    let p99Us: Double?
    let maxUs: Double?

    private enum CodingKeys: String, CodingKey {
        case fromSeconds = "from_s"
        case toSeconds = "to_s"
        case queries, failed, failures
        case meanUs = "mean_us"
        case p50Us = "p50_us"
        case p99Us = "p99_us"
        case maxUs = "max_us"
    }

    /// Every interval in which anything arrived, in order.
    static func all(_ arrivals: [OpenLoop.Arrival], seconds: Double) -> [BenchInterval] {
        let groups = Dictionary(grouping: arrivals) { Int($0.at / .seconds(seconds)) }
        return groups.keys.sorted().compactMap { number in
            groups[number].map { BenchInterval($0, from: Double(number) * seconds, seconds) }
        }
    }

    private init(_ arrivals: [OpenLoop.Arrival], from: Double, _ seconds: Double) {
        let answered = arrivals.filter { $0.failure == nil }
        let samples = answered.isEmpty ? nil : Samples(answered.map(\.latency))
        fromSeconds = from
        toSeconds = from + seconds
        queries = arrivals.count
        failures = Dictionary(grouping: arrivals.compactMap(\.failure)) { $0 }
            .mapValues(\.count)
        failed = failures.values.reduce(0, +)
        meanUs = samples?.mean
        p50Us = samples?.percentile(50)
        p99Us = samples?.percentile(99)
        maxUs = samples?.percentile(100)
    }

    /// For people.
    var line: String {
        let times = [("mean", meanUs), ("p50", p50Us), ("p99", p99Us), ("max", maxUs)]
            .map { "\($0.0) \($0.1?.tenths ?? "-") µs" }
        let causes = failures.sorted { $0.key < $1.key }.map { " \($0.key) \($0.value)" }
        return
            "\(fromSeconds.tenths) to \(toSeconds.tenths) s: \(queries) queries, \(failed) failed"
            + causes.joined(separator: ",") + "; " + times.joined(separator: ", ")
    }
}
