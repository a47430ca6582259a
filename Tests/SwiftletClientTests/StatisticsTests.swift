import ClusterCore
import ClusterRuntime
import Logging
import SearchIndex
import Testing
import ZeroMQ

@testable import SwiftletClient

/// The numbers of clusters and nodes, and settings.
@Suite(.timeLimit(.minutes(5)))
struct StatisticsTests {
    private let folder: DataFolder

    init() throws {
        folder = try DataFolder()
        try folder.buildIndex(named: "x", (0..<100).map { "w\($0 % 7) word" })
    }

    @Test
    func `numbers are those of the searches that were made`() async throws {
        let cluster = try await SearchCluster.started("counted", in: folder)
        let none = try await cluster.clusterStatistics()
        #expect(none.name == "counted")
        #expect(none.averageResponseTime == .zero)
        #expect(none.medianResponseTime == .zero)
        try await cluster.addNode("a", endpoint: "local://x", weight: 3, threads: 2)
        for number in 0..<7 { _ = try await cluster.search("w\(number)") }
        for bad in ["(w1", "nofield:x"] {
            let error = await failure {
                _ = try await cluster.search(bad)
            }
            #expect(error?.code == "BAD_REQUEST")
        }
        let all = try await cluster.clusterStatistics()
        #expect(
            all.searches
                == SearchCounts(
                    total: 9, successful: 7, failed: 2, cancelled: 0, refused: 0, underWay: 0))
        #expect(all.tasks == TaskCounts(sent: 7, resent: 0, hedged: 0, inFlight: 0))
        #expect(all.averageResponseTime > .zero)
        #expect(all.averageResponseTime < .seconds(10))
        #expect(all.medianResponseTime > .zero)
        #expect(all.medianResponseTime <= all.percentile99ResponseTime)
        let node = try await cluster.nodeStatistics("a")
        #expect(node.endpoint == "local://x")
        #expect(node.weight == 3)
        #expect(node.threads == 2)
        #expect(node.state == .ready)
        #expect(node.isActive && node.getsTasks)
        #expect(node.searches == 7)
        #expect(node.failures == 0)
        #expect(node.tasksInFlight == 0)
        #expect(node.shards.map(\.index) == ["x"])
        #expect(node.shards.map(\.shard) == [0])
        #expect(node.shards.allSatisfy { $0.generation > 0 })
        #expect(node.refusal == nil)
        await cluster.stop()
    }

    @Test
    func `reports bring a node's health and the times of its tasks`() async throws {
        let settings = ClusterSettings(healthCheckInterval: .milliseconds(100))
        let cluster = try await SearchCluster.started(in: folder, settings: settings)
        try await cluster.addNode("a", endpoint: "local://x")
        for number in 0..<20 { _ = try await cluster.search("w\(number % 7)") }
        try await eventually("no report of the tasks came") {
            try await cluster.nodeStatistics("a").serviceTime.average > .zero
        }
        try await eventually("no healthy report came") {
            try await cluster.nodeStatistics("a").health.grade == .healthy
        }
        let node = try await cluster.nodeStatistics("a")
        #expect(node.health.reasons == [])
        let age = try #require(node.health.sinceLastCheck)
        #expect(age < .seconds(30))
        #expect(node.serviceTime.median <= node.serviceTime.percentile99)
        #expect(node.serviceTime.average <= node.serviceTime.percentile99)
        await cluster.stop()
    }

    @Test
    func `any subset of the settings is changed, and refusals change nothing`() async throws {
        let cluster = try await SearchCluster.started(
            in: folder, settings: ClusterSettings(timeout: .seconds(5), maxRetries: 3))
        var expected = ClusterSettings(
            timeout: .seconds(5), maxRetries: 3, loadBalancing: .adaptive, hedging: true,
            merge: .scoreDescending, healthCheckInterval: .seconds(30))
        expected.slowQuery = .zero
        #expect(try await cluster.configure(ClusterSettings()) == expected)
        expected.loadBalancing = .weightedRoundRobin
        expected.hedging = false
        #expect(
            try await cluster.configure(
                ClusterSettings(loadBalancing: .weightedRoundRobin, hedging: false)) == expected)
        let refused: [(ClusterSettings, String)] = [
            (ClusterSettings(timeout: .zero), "timeout_ms 0; expected 1 to 300000"),
            (ClusterSettings(timeout: .seconds(301)), "timeout_ms 301000; expected 1 to 300000"),
            (ClusterSettings(maxRetries: 101), "max_retries 101; expected 0 to 100"),
            (
                ClusterSettings(hedging: true, healthCheckInterval: .milliseconds(99)),
                "health_check_ms 99; expected 100 to 3600000"
            ),
        ]
        for (change, words) in refused {
            let error = await failure {
                _ = try await cluster.configure(change)
            }
            #expect(error?.description == "BAD_REQUEST: configure: \(words)")
        }
        #expect(try await cluster.clusterStatistics().settings == expected)
        await cluster.stop()
    }

    @Test
    func `the timeout holds for searches that name none, from now on`() async throws {
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x")
        try await cluster.setNode("a", isActive: false)
        // A shard that nobody serves is waited for, though not for long.
        try await cluster.configure(ClusterSettings(timeout: .milliseconds(20)))
        let late = await failure { _ = try await cluster.search("word") }
        #expect(late?.code == "DEADLINE")
        let patient = await failure {
            _ = try await cluster.search("word", options: SearchOptions(budget: .seconds(10)))
        }
        #expect(patient?.code == "NO_WORKERS")
        try await cluster.configure(ClusterSettings(timeout: .seconds(10)))
        let again = await failure { _ = try await cluster.search("word") }
        #expect(again?.code == "NO_WORKERS")
        await cluster.stop()
    }

    @Test
    func `a client of a broker elsewhere has the same numbers`() async throws {
        let context = try Context()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let endpoints = BrokerEndpoints(
            clients: "ipc://\(folder.path)/c", workers: "ipc://\(folder.path)/w",
            health: "ipc://\(folder.path)/h")
        let broker = try BrokerServer.start(
            settings: BrokerSettings(name: "far", epoch: 5), endpoints: endpoints,
            context: context, logger: logger)
        let worker = try WorkerServer.start(
            options: WorkerOptions(
                name: "w", dataFolder: folder.path, serve: [("x", .all)],
                brokers: [endpoints.workers], health: [endpoints.health]),
            context: context, logger: logger)
        let client = try SearchClient(endpoints: [endpoints.clients])
        #expect(try await client.simpleSearch("word", limit: 3, offset: 1).hits.count == 3)
        let statistics = try await client.clusterStatistics()
        #expect(statistics.name == "far")
        #expect(statistics.searches.successful == 1)
        #expect(try await client.activeNodes() == ["w"])
        let node = try await client.nodeStatistics("w")
        #expect(node.endpoint == "local://x")
        #expect(node.searches == 1)
        let unknown = await failure {
            _ = try await client.nodeStatistics("no")
        }
        #expect(unknown?.code == "NOT_FOUND")
        // No supervisor has joined, so nobody can start a node.
        let added = await failure {
            try await client.addNode("n", endpoint: "local://x")
        }
        #expect(added?.code == "UNSUPPORTED")
        await client.close()
        _ = worker.inbox.post(.stop)
        _ = broker.inbox.post(.stop)
    }
}
