import ClusterRuntime
import SearchIndex
import SwiftletClient
import Testing
import WireMessages

/// The documents of `StartingCorpus` as the index `x` of a cluster, and a client of it.
final class StartingCluster {
    let cluster: TestCluster
    let index: EmbeddedIndex
    let client: SearchClient

    /// - Parameter workers: their names; each serves every shard.
    init(shards: Int = 3, workers: [String] = ["a", "b"]) throws {
        cluster = try TestCluster()
        index = try cluster.buildIndex(
            named: "x", shards: shards, schema: StartingCorpus.schema,
            lines: StartingCorpus.lines)
        for worker in workers { try cluster.startWorker(worker, serving: "x", .all) }
        client = try SearchClient(endpoints: [cluster.endpoints.clients])
    }

    /// Runs a body once all workers have joined; closes the client however it ends.
    static func run(
        shards: Int = 3, workers: [String] = ["a", "b"],
        _ body: (StartingCluster) async throws -> Void
    ) async throws {
        let starting = try StartingCluster(shards: shards, workers: workers)
        do {
            try await starting.status("\(workers) to join") { status in
                Set(workers).isSubset(of: status.ready)
            }
            try await body(starting)
        } catch {
            await starting.client.close()
            throw error
        }
        await starting.client.close()
    }

    /// Asks for the status until it is as wanted; fails after 20 s.
    @discardableResult
    func status(
        _ what: String, until isWanted: (WireStatusReply) -> Bool
    ) async throws -> WireStatusReply {
        let deadline = ContinuousClock.now + .seconds(20)
        var status = try await client.status(within: .seconds(10))
        while !isWanted(status) {
            try #require(ContinuousClock.now < deadline, "waited in vain for \(what): \(status)")
            status = try await client.status(within: .seconds(10))
        }
        return status
    }

    func ids(_ text: String, _ options: SearchOptions = SearchOptions()) async throws -> [String] {
        try await client.search(text, options: options).hits.map(\.id)
    }

    /// Searches `count` times for something in every shard, one after the other; how many tasks each
    /// worker did more.
    func tasks(
        of count: Int, _ options: SearchOptions = SearchOptions()
    ) async throws -> [String: UInt64] {
        let before = try await client.status().tasksDone
        for _ in 0..<count { _ = try await client.search("rust", options: options) }
        let after = try await client.status().tasksDone
        return after.merging(before) { $0 - $1 }
    }
}

extension WireStatusReply {
    /// The names of workers that serve.
    var ready: Set<String> { Set(workers.filter { $0.state == .ready }.map(\.name)) }

    /// By the workers' names.
    var tasksDone: [String: UInt64] {
        Dictionary(workers.map { ($0.name, $0.tasksDone) }) { $0 + $1 }
    }

    func worker(_ name: String) -> WireWorkerStatus? { workers.first { $0.name == name } }
}

/// What a body throws; nil if it throws nothing, or something else.
func failure<Value>(
    _ body: () async throws -> Value
) async -> SwiftletClient.SearchError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? SwiftletClient.SearchError
    }
}
