import ClusterCore
import ClusterRuntime
import Logging
import SearchIndex
import SystemPackage
import TestSupport
import WireMessages
import WireProtocol
import ZeroMQ

/// A broker, workers and a client in this process, over ipc sockets in a scratch folder.
final class TestCluster {
    let folder: ScratchFolder
    let context: Context
    let endpoints: BrokerEndpoints
    private(set) var broker: SocketLoop<BrokerServer>
    private(set) var workers: [String: SocketLoop<WorkerServer>] = [:]
    let logger: Logger

    init() throws {
        folder = try ScratchFolder()
        context = try Context()
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .warning
        self.logger = logger
        endpoints = BrokerEndpoints(
            clients: "ipc://\(folder.path)/c", workers: "ipc://\(folder.path)/w",
            health: "ipc://\(folder.path)/h")
        broker = try Self.startBroker(endpoints, context, logger)
    }

    private static func startBroker(
        _ endpoints: BrokerEndpoints, _ context: Context, _ logger: Logger
    ) throws -> SocketLoop<BrokerServer> {
        let epoch = UInt64.random(in: 1..<ProtocolLimits.randomNumberBound)
        return try BrokerServer.start(
            settings: BrokerSettings(name: "broker", epoch: epoch), endpoints: endpoints,
            context: context, busyPoll: .default, logger: logger)
    }

    /// Builds an index of some documents, each an id and a text.
    func buildIndex(
        named name: String, shards: Int, _ documents: [(id: String, text: String)]
    ) throws -> EmbeddedIndex {
        try buildIndex(
            named: name, shards: shards, schema: nil,
            lines: documents.map {
                Array("{\"id\":\"\($0.id)\",\"body\":\"\($0.text)\"}".utf8)
            })
    }

    /// Builds an index of some documents in JSON.
    func buildIndex(
        named name: String, shards: Int, schema: Schema?, lines: [[UInt8]]
    ) throws -> EmbeddedIndex {
        let directory = "\(folder.path)/\(name)"
        let builder = try IndexBuilder(
            output: directory,
            options: IndexBuildOptions(shardCount: shards, schema: schema, isStrict: true))
        for (number, line) in lines.enumerated() {
            try builder.add(line: line.span, file: "test", number: number + 1)
        }
        _ = try builder.finish()
        return try EmbeddedIndex(directory: directory)
    }

    func startWorker(
        _ name: String, serving index: String, _ shards: ShardSelection, threads: Int = 1
    ) throws {
        var options = WorkerOptions(
            name: name, threads: threads, dataFolder: folder.path.string, serve: [(index, shards)],
            brokers: [endpoints.workers], health: [endpoints.health])
        options.busyPoll = .default
        workers[name] = try WorkerServer.start(
            options: options, context: context, logger: logger)
    }

    /// Ends a worker without a word, as a crash would.
    func stopWorker(_ name: String) {
        _ = workers.removeValue(forKey: name)?.inbox.post(.stop)
    }

    func drainWorker(_ name: String) {
        _ = workers.removeValue(forKey: name)?.inbox.post(.drain)
    }

    /// Ends the broker without a word to anyone; returns when its sockets are closed.
    func stopBroker() async {
        await withCheckedContinuation { continuation in
            broker.onExit { continuation.resume() }
            _ = broker.inbox.post(.stop)
        }
    }

    /// Starts a broker at the endpoints of the one that was stopped.
    /// Starts a broker after one was stopped, whose listeners libzmq closes a moment after its sockets: until
    /// then the paths are taken.
    func startBroker() throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            do {
                broker = try Self.startBroker(endpoints, context, logger)
                return
            } catch {
                guard ContinuousClock.now < deadline else { throw error }
            }
        }
    }

    func client(window: Int = 256) throws -> ClientConnection {
        try ClientConnection(
            settings: ClientSettings(name: "test", brokerCount: 1, resultWindow: window),
            endpoints: [endpoints.clients], context: context, logger: logger)
    }

    deinit {
        for worker in workers.values { _ = worker.inbox.post(.stop) }
        _ = broker.inbox.post(.stop)
    }
}

extension ClientConnection {
    /// All outcomes of a batch, in the order of its items.
    func outcomes(
        _ items: [WireItem], _ settings: WireSubmit = WireSubmit(),
        budget: Duration = .seconds(60)
    ) async -> [Result<ItemAnswer, ItemFailure>] {
        var outcomes: [Int: Result<ItemAnswer, ItemFailure>] = [:]
        let batch = ClientBatch(settings: settings, items: items, budget: budget)
        for await some in submit(batch) {
            for (item, outcome) in some { outcomes[item] = outcome }
        }
        return items.indices.compactMap { outcomes[$0] }
    }
}
