import ClusterCore
import Logging
import SystemPackage
import Testing
import ZeroMQ

@testable import ClusterRuntime

/// The threads of a cluster in one process.
@Suite(.timeLimit(.minutes(2)))
struct InProcessClusterTests {
    private static func start(in folder: FilePath) async throws -> InProcessCluster {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try await SystemThread.result(name: "start") {
            try InProcessCluster(
                settings: BrokerSettings(name: "c", epoch: 5), dataFolder: folder,
                grace: .seconds(1), logger: logger)
        }
    }

    @Test func `one that is released without a stop ends its threads`() async throws {
        let folder = try ScratchFolder()
        var cluster: InProcessCluster? = try await Self.start(in: folder.path)
        let broker = try #require(cluster).broker
        let supervisor = try #require(cluster).supervisor
        cluster = nil
        await withCheckedContinuation { continuation in broker.onExit { continuation.resume() } }
        await withCheckedContinuation { continuation in supervisor.onExit { continuation.resume() }
        }
    }

    @Test func `a stop ends them too, and may come twice`() async throws {
        let folder = try ScratchFolder()
        let cluster = try await Self.start(in: folder.path)
        await cluster.stop()
        await cluster.stop()
        #expect(!cluster.broker.inbox.post(.stop))
        #expect(!cluster.supervisor.inbox.post(.stop))
    }
}
