import Foundation
import Testing

extension Cluster {
    /// Runs a body with a cluster of two replicas, `w1` and `w2`, of an index of one shard: in the zone `east`,
    /// of weight 2.5, balanced by their weights, without hedging.
    static func runReplicas(
        _ body: (Cluster, ScratchFolder) async throws -> Void
    ) async throws {
        var data = SampleData("administration")
        let folder = try ScratchFolder()
        let input = try folder.write("in.jsonl", data.documents(60))
        try FileManager.default.createDirectory(
            atPath: folder("data"), withIntermediateDirectories: false)
        let built = try await swiftlet(
            "index", "build", "--shards", "1", "--output", folder("data/birds"), input)
        try #require(built.status == 0, "\(built.errors)")
        try await Cluster.run(
            in: folder, serving: ["all", "all"],
            broker: ", zone: east, load_balancing: weighted_round_robin",
            worker: ", zone: east, weight: 2.5", replicas: 2
        ) { cluster in
            // A hedged task on a slow machine would be one more than was asked for.
            let set = try await swiftlet("configure", "--no-hedging", "--broker", cluster.clients)
            try #require(set.status == 0, "\(set.errors)")
            try await body(cluster, folder)
        }
    }
}

/// Runs an example client of Python.
func example(_ name: String, _ arguments: [String]) async throws -> Running.End {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../clients/python/examples").standardized.path
    return try await run("/usr/bin/python3", ["\(folder)/\(name)"] + arguments)
}
