import Foundation
import Glibc
import Testing

/// An index, queries, and the answers of that index in this process: what a batch through a cluster
/// must give byte for byte, whatever fails meanwhile.
struct FaultSubject {
    let folder: ScratchFolder
    let queries: String
    private let expected: [UInt8]

    /// An index `birds` of three shards.
    init(_ name: String, queries count: Int) async throws {
        var data = SampleData(name)
        folder = try ScratchFolder()
        let input = try folder.write("in.jsonl", data.documents(200))
        try FileManager.default.createDirectory(
            atPath: folder("data"), withIntermediateDirectories: false)
        let index = folder("data/birds")
        let built = try await swiftlet(
            "index", "build", "--shards", "3", "--output", index, input)
        try #require(built.status == 0, "\(built.errors)")
        queries = try folder.write("queries", data.queries(count))
        let calm = try await swiftlet(
            "batch", "--index", index, "--input", queries, "--output", folder("calm"),
            "--format", "trec")
        try #require(calm.status == 0, "\(calm.errors)")
        expected = try folder.bytes("calm")
        try #require(expected.count > 1_000)
    }

    /// Starts the batch at brokers of a cluster.
    func startBatch(_ cluster: Cluster, brokers: [String] = ["b1"]) throws -> Running {
        try cluster.startBatch(queries, output: folder("stormy"), limit: 10, brokers: brokers)
    }

    /// Waits for the batch, and for its answers to be those of the index in process.
    func expectAnswers(_ batch: Running) async throws {
        let end = try await batch.end()
        #expect(end.status == 0, "\(end.errors)")
        let isEqual = try folder.bytes("stormy") == expected
        #expect(isEqual, "the answers differ")
    }

    /// What the batch's summary counts under a name.
    func summary(_ name: String) throws -> Double? {
        try JSONDecoder().decode(
            [String: Double].self, from: Data(folder.bytes("stormy.json")))[name]
    }
}

/// A worker `w9` of a cluster whose answers go through a process of Python.
struct BentWorker {
    private let between: Running
    private let worker: Running

    /// - Parameter way: of `PythonScripts.standBetween`.
    init(_ way: String, _ cluster: Cluster, _ folder: ScratchFolder) throws {
        let endpoint = cluster.endpoint("workers", of: "p")
        between = try Running(
            "/usr/bin/python3", ["-c", PythonScripts.standBetween, way, endpoint, cluster.workers])
        worker = try Running(
            Executable.path,
            [
                "worker", "--name", "w9", "--data", folder("data"), "--serve", "birds=all",
                "--broker", endpoint,
            ])
    }

    /// Kills both and waits for their ends.
    func end() async throws {
        worker.send(SIGKILL)
        between.send(SIGKILL)
        #expect(try await worker.end().status == 128 + SIGKILL)
        #expect(try await between.end().status == 128 + SIGKILL)
    }

    /// Runs a body while the worker is ready, and ends it whatever the body does.
    static func run(
        _ way: String, _ cluster: Cluster, _ folder: ScratchFolder,
        _ body: (BentWorker) async throws -> Void
    ) async throws {
        let bent = try BentWorker(way, cluster, folder)
        do {
            try await cluster.status("w9 to join") { $0.worker("w9")?.state == "READY" }
            try await body(bent)
        } catch {
            try? await bent.end()
            throw error
        }
        try await bent.end()
    }
}
