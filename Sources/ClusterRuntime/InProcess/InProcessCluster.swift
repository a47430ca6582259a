package import ClusterCore
import Dispatch
package import Logging
package import SystemPackage
package import ZeroMQ

/// A broker and a supervisor of workers in this process, over `inproc` sockets in a context of their own,
/// so that any number of them live beside each other.
///
/// Their threads run until `stop`, or until this object is released, which ends them without a farewell.
/// Any thread may use it.
package final class InProcessCluster: Sendable {
    /// Where the broker takes clients; to be reached in `context` alone.
    package let endpoint = InProcessCluster.endpoints.clients
    package let context: Context
    let broker: SocketLoop<BrokerServer>
    let supervisor: SocketLoop<LocalSupervisor>

    private static let endpoints = BrokerEndpoints(
        clients: "inproc://clients", workers: "inproc://workers", health: "inproc://health")
    /// How long broker and supervisor may take to find each other.
    private static let patience = DispatchTimeInterval.seconds(10)

    /// What keeps it from starting.
    package struct StartFailure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Starts the threads; returns when nodes can be added. Blocks for some milliseconds: for a thread of
    /// its own.
    ///
    /// - Parameters:
    ///   - dataFolder: of the index folders that nodes serve.
    ///   - grace: how long a node that is to end may take to finish what it has.
    /// - Throws: `ZMQError` when the system has no memory, descriptors or threads left.
    package init(
        settings: BrokerSettings, dataFolder: FilePath, grace: Duration, logger: Logger
    ) throws {
        context = try Context()
        broker = try BrokerServer.start(
            settings: settings, endpoints: Self.endpoints, context: context,
            metrics: MetricsTarget(dimensions: [("cluster", settings.name)]), logger: logger)
        supervisor = try LocalSupervisor.start(
            options: LocalSupervisorOptions(
                name: settings.name, dataFolder: dataFolder, broker: Self.endpoints, grace: grace),
            context: context, logger: logger)
        let joined = DispatchSemaphore(value: 0)
        _ = supervisor.inbox.post(.whenJoined { joined.signal() })
        guard joined.wait(timeout: .now() + Self.patience) == .success else {
            throw StartFailure(description: "the broker has not taken its supervisor in time")
        }
    }

    /// Drains the nodes within their grace, then ends the broker; returns when all threads with sockets
    /// have ended. What clients still wait for is not waited for.
    package func stop() async {
        await Self.end(supervisor, with: .stop)
        await Self.end(broker, with: .stop)
        context.terminate()
    }

    private static func end<Handler>(
        _ loop: SocketLoop<Handler>, with command: Handler.Command
    ) async {
        _ = loop.inbox.post(command)
        await withCheckedContinuation { continuation in loop.onExit { continuation.resume() } }
    }

    deinit {
        context.terminate()
    }
}
