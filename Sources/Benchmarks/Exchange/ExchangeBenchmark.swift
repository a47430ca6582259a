import ClusterCore
import Foundation

/// The C `zmq_proxy` exchange of exchange.c: client, proxy and worker as three processes over ipc,
/// with the frames that one item has in the cluster.
struct ExchangeBenchmark: Benchmark {
    /// The compiled program.
    let program: String
    let sizes: MessageSizes
    /// Items of a repeat: with one in flight, and with many.
    let items: (one: Int, many: Int)

    static let manyInFlight = 256

    static let timesName = "zmq_proxy in C, one in flight"
    static let rateName = "zmq_proxy in C, \(manyInFlight) in flight"
    var title: String { "zmq_proxy in C, µs a round trip and items/s, on \(sizes.description)" }

    mutating func measure() async throws -> [Observation] {
        let one = try run(items: items.one, inFlight: 1)
        guard one.trips.count == items.one else {
            throw BenchmarkError("\(program) printed \(one.trips.count) of \(items.one) trips")
        }
        let many = try run(items: items.many, inFlight: Self.manyInFlight)
        let rate = Double(items.many) / many.total.seconds
        return [
            .times(Self.timesName, on: sizes.description, Samples(one.trips)),
            .number(Self.rateName, on: sizes.description, rate, "items/s"),
        ]
    }

    private func run(items: Int, inFlight: Int) throws -> ExchangeOutput {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let shapes = [sizes.request, sizes.reply].map {
            $0.map(String.init).joined(separator: ",")
        }
        let text = try output(of: program, [folder, "\(items)", "\(inFlight)"] + shapes)
        return try ExchangeOutput(text, items: items)
    }
}

/// What exchange.c prints.
struct ExchangeOutput {
    let total: Duration
    /// One for each item when one was in flight, else none.
    let trips: [Duration]

    /// - Throws: `BenchmarkError` for a line that is none of the program's, or another count.
    init(_ text: String, items: Int) throws(BenchmarkError) {
        var (total, trips, count) = (Duration?.none, [Duration](), 0)
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let number = Int(words[1]) else {
                throw BenchmarkError("`\(line)` is no line of the exchange program")
            }
            switch words[0] {
            case "items": count = number
            case "nanoseconds": total = .nanoseconds(number)
            case "trip": trips.append(.nanoseconds(number))
            default: throw BenchmarkError("`\(line)` is no line of the exchange program")
            }
        }
        guard let total, total > .zero, count == items else {
            throw BenchmarkError("the exchange program passed \(count) of \(items) items")
        }
        self.total = total
        self.trips = trips
    }
}

/// A new folder with a path short enough for sockets.
func temporaryFolder() throws -> String {
    let name = String(UInt64.random(in: .min ... .max), radix: 36)
    let folder = "\(NSTemporaryDirectory())/swiftlet-\(name)"
    try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700])
    return folder
}
