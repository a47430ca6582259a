import ArgumentParser
import Foundation
import SwiftletClient

/// `swiftlet bench broker`: what a broker takes, between clients and workers that take next to nothing.
struct BenchBrokerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract: "Measure a broker between simulated clients and workers.",
        discussion: """
            Starts a broker as a process of its own, over ipc sockets. The workers have no index: \
            they answer each task at once with ten made-up hits. The clients send SUBMITs for \
            ten hits without documents and check every answer. A tenth of the items goes through first \
            as warm-up.

            --shards takes several numbers; each has a broker of its own, and the items are as many \
            fewer as there are more shards. With --idle-workers, the broker's share of a processor \
            is measured while so many workers are registered and nothing is asked; each takes a \
            file descriptor here and one at the broker (ulimit -n). --items 1000000 --steps 10 \
            shows the broker's memory over a million items.

            Examples:
              swiftlet bench broker
              swiftlet bench broker --shards 1,8,64,512
              swiftlet bench broker --batch 1 --in-flight 1 --items 10000
              swiftlet bench broker --idle-workers 1000 --items 0
            """)

    @Option(help: "Comma-separated numbers of shards.")
    var shards = CountList([1])

    @Option(help: "Clients at once.")
    var clients = 1

    @Option(help: "Workers that the shards are dealt out to.")
    var workers = 1

    @Option(help: "Items with one shard; with more shards as many fewer; 0 for none.")
    var items = 200_000

    @Option(help: "Items of one SUBMIT.")
    var batch = 64

    @Option(help: "SUBMITs under way of each client.")
    var inFlight = 4

    @Option(help: "Parts of the items after which the broker's memory is looked at.")
    var steps = 1

    @Option(help: "Registered workers that are never asked anything.")
    var idleWorkers = 0

    @Option(help: "How long to watch the broker while nothing is asked.")
    var idleSeconds = 10.0

    @Flag(
        help: """
            Print one JSON array: shards, clients, workers, batch, in_flight, memory, load and idle.
            """)
    var json = false

    func validate() throws {
        guard shards.counts.allSatisfy({ (1...MadeUpIndex.maximumShards).contains($0) }) else {
            throw ValidationError("--shards: expected 1 to \(MadeUpIndex.maximumShards)")
        }
        guard (1...1_000).contains(batch), (1...4_096).contains(inFlight),
            batch * inFlight <= 4_096, (1...1_000).contains(clients),
            batch * inFlight * clients <= 10_000
        else {
            throw ValidationError(
                "a broker takes --batch up to 1000, 4096 items of a client and 10000 of all under way"
            )
        }
        guard (0...100_000_000).contains(items), (1...1_000).contains(steps),
            (1...1_000).contains(workers), (0...10_000).contains(idleWorkers),
            (0.1...3_600).contains(idleSeconds)
        else {
            throw ValidationError(
                "expected --items to 100000000, --steps 1 to 1000, --workers 1 to 1000, "
                    + "--idle-workers to 10000, --idle-seconds 0.1 to 3600")
        }
    }

    func run() async throws {
        try await reportingFailures {
            var reports: [BrokerBenchReport] = []
            for count in shards.counts {
                let load = BrokerLoad(
                    index: MadeUpIndex(name: "bench", shards: count), clients: clients,
                    batch: batch, inFlight: inFlight)
                let bench = BrokerBench(
                    load: load, items: items == 0 ? 0 : max(items / count, steps), steps: steps,
                    workers: min(workers, count), idleWorkers: idleWorkers,
                    idle: .seconds(idleSeconds))
                let report = try await bench.run()
                if !json { for line in report.lines { Console.line(line) } }
                reports.append(report)
            }
            guard json else { return }
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.sortedKeys]
            Console.line(String(decoding: try encoder.encode(reports), as: UTF8.self))
        }
    }
}

/// Numbers on the command line, as `1,8,64`.
struct CountList: ExpressibleByArgument {
    let counts: [Int]

    init(_ counts: [Int]) { self.counts = counts }

    init?(argument: String) {
        let counts = argument.split(separator: ",", omittingEmptySubsequences: false)
            .map { Int($0) }
        guard !counts.contains(nil) else { return nil }
        self.counts = counts.compactMap(\.self)
    }

    var defaultValueDescription: String { counts.map(String.init).joined(separator: ",") }
}
