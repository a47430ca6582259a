import ClusterCore
import Foundation
import WireProtocol

/// What `bench broker` measured with one number of shards; `--json` prints it with underscores.
struct BrokerBenchReport: Encodable {
    let shards, clients, workers, batch, inFlight: Int
    /// The broker's memory, first after the warm-up, then after each step.
    private(set) var memory: [Memory] = []
    var load: Load?
    var idle: Idle?

    struct Memory: Encodable {
        let items, residentBytes: Int
    }

    /// With all workers registered and nothing to do; shares are of one processor.
    struct Idle: Encodable {
        let workers: Int
        let seconds, threadShare, processShare: Double
        let residentBytes: Int
    }

    /// Items passed. Times of items are from sending the SUBMIT to receiving the answer.
    struct Load: Encodable {
        let items: Int
        let seconds, itemsPerSecond: Double
        let meanUs, p50Us, p99Us: Double
        /// Processor time of the broker's thread for each item, and of libzmq's beside it.
        let threadUsPerItem, ioUsPerItem: Double
        let bytesPerItem: BytesPerItem
        /// The frames of an item on the client link, in bytes: header and item; header, meta, hits.
        let requestFrames, replyFrames: [Int]

        /// Whole messages without routing ids, shared out among the items.
        struct BytesPerItem: Encodable {
            let clientToBroker, brokerToClient, brokerToWorker, workerToBroker: Double
        }
    }

    init(_ bench: BrokerBench) {
        shards = bench.load.index.shards
        clients = bench.load.clients
        workers = bench.workers
        batch = bench.load.batch
        inFlight = bench.load.inFlight
    }

    mutating func note(residentBytes: Int, after items: Int) {
        memory.append(Memory(items: items, residentBytes: residentBytes))
    }

    /// For people.
    var lines: [String] {
        var lines: [String] = []
        if let idle {
            lines.append(
                "\(idle.workers) idle workers: broker thread \((idle.threadShare * 100).tenths)% of a "
                    + "processor, whole process \((idle.processShare * 100).tenths)%, resident "
                    + Self.mebibytes(idle.residentBytes))
        }
        if let load { lines.append("\(shards) shard\(shards == 1 ? "" : "s"): \(load.line)") }
        guard memory.count > 2 else { return lines }
        return lines
            + memory.map { "  after \($0.items) items: \(Self.mebibytes($0.residentBytes))" }
    }

    private static func mebibytes(_ bytes: Int) -> String {
        "\((Double(bytes) / 1_048_576).tenths) MiB"
    }
}

extension BrokerBenchReport.Load {
    /// - Parameters:
    ///   - tally: of all clients; at least one item.
    ///   - thread, others: processor time of the broker's process meanwhile.
    ///   - workers: bytes that the workers received and sent.
    init(
        _ tally: LoadTally, _ took: Duration, thread: Duration, others: Duration,
        workers: WorkerTraffic.Bytes
    ) {
        let samples = Samples(microseconds: tally.times)
        let count = Double(tally.times.count)
        items = tally.times.count
        seconds = took / .seconds(1)
        itemsPerSecond = count / seconds
        meanUs = samples.mean
        p50Us = samples.percentile(50)
        p99Us = samples.percentile(99)
        threadUsPerItem = thread / .microseconds(1) / count
        ioUsPerItem = others / .microseconds(1) / count
        bytesPerItem = BytesPerItem(
            clientToBroker: Double(tally.bytesSent) / count,
            brokerToClient: Double(tally.bytesReceived) / count,
            brokerToWorker: Double(workers.received) / count,
            workerToBroker: Double(workers.sent) / count)
        requestFrames = [Header.byteCount, tally.itemsBytes / items]
        replyFrames = [
            Header.byteCount, tally.metaBytes / items, tally.hitsBytes / items,
        ]
    }

    fileprivate var line: String {
        let bytes = [
            bytesPerItem.clientToBroker, bytesPerItem.brokerToClient,
            bytesPerItem.brokerToWorker, bytesPerItem.workerToBroker,
        ].map(\.tenths)
        return
            "\(itemsPerSecond.tenths) items/s; mean \(meanUs.tenths) µs, p50 \(p50Us.tenths) µs, "
            + "p99 \(p99Us.tenths) µs; broker thread \(threadUsPerItem.tenths) µs an item, libzmq's "
            + "\(ioUsPerItem.tenths) µs; bytes an item: client \(bytes[0]) in, \(bytes[1]) out, "
            + "workers \(bytes[2]) out, \(bytes[3]) in"
    }
}
