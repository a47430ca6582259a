import Foundation
import Glibc
import Testing

/// A cluster that a test starts with `swiftlet supervise`: a broker `b1`, perhaps more, and some
/// workers.
final class Cluster: Sendable {
    let supervisor: Running
    private let folder: ScratchFolder
    private let run: ScratchFolder

    var clients: String { endpoint("clients") }
    var workers: String { endpoint("workers") }
    var health: String { endpoint("health") }
    var events: String { endpoint("events") }

    /// Where the supervisor hears its workers' health.
    var supervisorHealth: String { endpoint("health", of: "supervisor") }

    /// An endpoint of a broker: `clients`, `workers` or `health`.
    func endpoint(_ kind: String, of broker: String = "b1") -> String {
        "ipc://\(run("\(broker).\(kind)"))"
    }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - folder: holds the index folders in `data`.
    ///   - serving: for each worker, `w1` and so on, the shards it serves as in `cluster.yaml`.
    ///   - brokers: their names.
    ///   - broker: further settings of every broker, as in `cluster.yaml`.
    ///   - worker: further settings of every worker.
    ///   - settings: further lines of `cluster.yaml`.
    init(
        in folder: ScratchFolder, serving: [String], brokers: [String] = ["b1"],
        broker: String = "", worker: String = "", settings: String = ""
    ) throws {
        self.folder = folder
        run = try ScratchFolder()
        let workers = serving.enumerated().map { number, shards in
            "  - { name: w\(number + 1), serve: { birds: \(shards) }\(worker) }\n"
        }
        let configuration = try folder.write(
            "cluster.yaml",
            """
            name: test
            data: '\(folder("data"))'
            run: '\(run.path)'
            logs: '\(folder("logs"))'
            brokers:
            \(brokers.map { "  - { name: \($0)\(broker) }\n" }.joined())
            workers:
            \(workers.joined())
            restart: { backoff_ms: 100, backoff_quick_ms: 100, grace_s: 10 }
            \(settings)
            """)
        supervisor = try Running(Executable.path, ["supervise", "--config", configuration])
    }

    /// Runs a body with the cluster once every shard has the wanted replicas, and stops it
    /// whatever the body does.
    static func run(
        in folder: ScratchFolder, serving: [String], brokers: [String] = ["b1"],
        broker: String = "", worker: String = "", settings: String = "", replicas: Int,
        _ body: (Cluster) async throws -> Void
    ) async throws {
        let cluster = try Cluster(
            in: folder, serving: serving, brokers: brokers, broker: broker, worker: worker,
            settings: settings)
        do {
            for broker in brokers { try await cluster.waitForReplicas(replicas, at: broker) }
            try await body(cluster)
        } catch {
            _ = try? await cluster.stop()
            throw error
        }
        let end = try await cluster.stop()
        #expect(end.status == 0, "\(end.errors)")
    }

    func waitForReplicas(_ count: Int, at broker: String = "b1") async throws {
        let waited = try await swiftlet(
            "status", "--broker", endpoint("clients", of: broker), "--wait-replicas", "\(count)",
            "--timeout", "25")
        try #require(waited.status == 0, "\(waited.errors)")
    }

    /// Tells the supervisor to stop and waits for its end.
    func stop() async throws -> Running.End {
        supervisor.send(SIGTERM)
        return try await supervisor.end()
    }

    func status() async throws -> ClusterStatus {
        let reply = try await swiftlet("status", "--broker", clients, "--json")
        try #require(reply.status == 0, "\(reply.errors)")
        return try JSONDecoder().decode(ClusterStatus.self, from: Data(reply.output.utf8))
    }

    /// Asks for the status until it is as wanted; fails after 20 s.
    @discardableResult
    func status(
        _ what: String, until isWanted: (ClusterStatus) -> Bool
    ) async throws -> ClusterStatus {
        let deadline = ContinuousClock.now + .seconds(20)
        var status = try await status()
        while !isWanted(status) {
            try #require(ContinuousClock.now < deadline, "waited in vain for \(what): \(status)")
            status = try await self.status()
        }
        return status
    }

    /// A batch through the broker, with answers as lines for TREC in the file `output`.
    func startBatch(
        _ queries: String, output: String, limit: Int, brokers: [String] = ["b1"]
    ) throws -> Running {
        let endpoints = brokers.flatMap { ["--broker", endpoint("clients", of: $0)] }
        return try Running(
            Executable.path,
            [
                "batch", "--input", queries, "--output", output, "--format", "trec", "--limit",
                "\(limit)", "--summary", output + ".json", "--timeout", "30",
            ] + endpoints)
    }
}

/// What `swiftlet status --json` says, as far as tests look at it; zeros are left out in JSON.
struct ClusterStatus: Decodable {
    struct Broker: Decodable {
        let malformed_messages, items_waiting, tasks_in_flight, stale_replies: Int?
        let items_accepted, items_completed, items_cancelled, items_failed: Int?
        let settings: Settings?
    }
    struct Settings: Decodable, Equatable {
        var timeout_ms, max_retries, health_check_ms, slow_query_ms: Int?
        var load_balancing, merge_strategy: String?
        var hedging: Bool?
    }
    struct Client: Decodable {
        let name: String
        let outstanding_items, unacknowledged_results: Int?
    }
    struct Worker: Decodable {
        let name: String
        let state: String?
        let pid: Int32?
        let in_flight, window, times_lost, tasks_done: Int?
        let inactive: Bool?
        let weight: Double?
        let zone, pool: String?
        let refusal: String?
        let health: Health?
    }
    struct Health: Decodable { let p50_us, p99_us: Int? }
    struct Child: Decodable {
        let name: String
        let pid: Int32?
        let restarts: Int?
    }
    struct Supervisor: Decodable { let children: [Child]? }

    let broker: Broker
    let workers: [Worker]?
    let clients: [Client]?
    let supervisors: [Supervisor]?

    var children: [Child] { (supervisors ?? []).flatMap { $0.children ?? [] } }

    func worker(_ name: String) -> Worker? { workers?.first { $0.name == name } }
    func child(_ name: String) -> Child? { children.first { $0.name == name } }
}
