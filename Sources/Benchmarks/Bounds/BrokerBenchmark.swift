import ClusterCore
import Foundation

/// `swiftlet bench broker`: the broker between simulated clients and workers, SUBMITs of 64 items, one
/// shard, ten hits, no documents. It checks every answer itself.
struct BrokerBenchmark: Benchmark {
    /// The executable `swiftlet`.
    let program: String
    let items: Int

    static let rateName = "broker, 64-item messages, 4 in flight, simulated worker"
    static let timeName = "broker, processor time of its thread for an item"
    private static let data = "10 hits, 1 shard, ids and scores"
    var title: String { "\(Self.rateName), items/s" }

    /// What `--json` prints, as far as it is used here.
    private struct Printed: Decodable {
        let load: Load

        struct Load: Decodable {
            let items_per_second, thread_us_per_item: Double
            let request_frames, reply_frames: [Int]
        }
    }

    /// The frames of an item on the client link.
    func sizes() throws -> MessageSizes {
        let load = try run(items: 1_000)
        return MessageSizes(request: load.request_frames, reply: load.reply_frames)
    }

    mutating func measure() async throws -> [Observation] {
        let load = try run(items: items)
        return [
            .number(Self.rateName, on: Self.data, load.items_per_second, "items/s"),
            .number(Self.timeName, on: Self.data, load.thread_us_per_item, "µs"),
        ]
    }

    private func run(items: Int) throws -> Printed.Load {
        let text = try output(of: program, ["bench", "broker", "--items", "\(items)", "--json"])
        guard
            let printed = try JSONDecoder().decode([Printed].self, from: Data(text.utf8)).first
        else { throw BenchmarkError("\(program) bench broker printed nothing") }
        return printed.load
    }
}

/// Runs a program to its end.
///
/// - Returns: its standard output.
/// - Throws: `BenchmarkError` if its exit status is not 0.
func output(of program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw BenchmarkError("\(program) ended with status \(process.terminationStatus)")
    }
    return text
}
