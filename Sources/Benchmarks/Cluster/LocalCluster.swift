import ClusterCore
import ClusterRuntime
import Logging
import WireProtocol
import ZeroMQ

/// A broker and one worker in this process, over ipc sockets in a folder: the small mode's cluster.
struct LocalCluster {
    let clients: String
    private let broker: SocketLoop<BrokerServer>
    private let worker: SocketLoop<WorkerServer>

    /// Starts both.
    ///
    /// - Parameters:
    ///   - folder: for the sockets; its path is at most 80 bytes long.
    ///   - data: the folder of the index folders.
    init(folder: String, data: String, indexes: [String], context: Context) throws {
        let endpoints = BrokerEndpoints(
            clients: "ipc://\(folder)/clients", workers: "ipc://\(folder)/workers",
            health: "ipc://\(folder)/health")
        let epoch = UInt64.random(in: 1..<ProtocolLimits.randomNumberBound)
        var logger = Logger(label: "benchmarks")
        logger.logLevel = .error
        broker = try BrokerServer.start(
            settings: BrokerSettings(name: "benchmark", epoch: epoch), endpoints: endpoints,
            context: context, logger: logger)
        worker = try WorkerServer.start(
            options: WorkerOptions(
                name: "worker-1", dataFolder: data,
                serve: indexes.map { (index: $0, shards: .all) },
                brokers: [endpoints.workers], health: [endpoints.health]),
            context: context, logger: logger)
        clients = endpoints.clients
    }

    /// Ends both and waits for their threads.
    func stop() {
        _ = worker.inbox.post(.stop)
        worker.join()
        _ = broker.inbox.post(.stop)
        broker.join()
    }
}
