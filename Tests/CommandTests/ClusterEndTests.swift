import Foundation
import Glibc
import Testing

@Suite(.serialized, .timeLimit(.minutes(10))) struct ClusterEndTests {
    private func started() async throws -> (cluster: Cluster, folder: ScratchFolder) {
        var data = SampleData("ends")
        let folder = try ScratchFolder()
        let input = try folder.write("in.jsonl", data.documents(30))
        try FileManager.default.createDirectory(
            atPath: folder("data"), withIntermediateDirectories: false)
        let built = try await swiftlet(
            "index", "build", "--shards", "2", "--output", folder("data/birds"), input)
        try #require(built.status == 0, "\(built.errors)")
        let cluster = try Cluster(in: folder, serving: ["[0]", "[1]"])
        do {
            try await cluster.waitForReplicas(1)
        } catch {
            _ = try? await cluster.stop()
            throw error
        }
        return (cluster, folder)
    }

    /// The processes of the broker and both workers.
    private func children(_ cluster: Cluster) async throws -> [Int32] {
        let status = try await cluster.status("a report of three children") { status in
            status.children.count { ($0.pid ?? 0) > 0 } == 3
        }
        return status.children.compactMap(\.pid)
    }

    private func expectEnds(_ processes: [Int32]) async throws {
        let waited = try await python(PythonScripts.waitForEnds, processes.map { "\($0)" })
        #expect(waited.status == 0, "\(waited.errors)")
    }

    @Test func `no process outlives a supervisor that is killed`() async throws {
        let (cluster, folder) = try await started()
        let processes = try await children(cluster)
        cluster.supervisor.send(SIGKILL)
        #expect(try await cluster.supervisor.end().status == 128 + SIGKILL)
        try await expectEnds(processes)
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: ["command", "python"])
    func `a cluster that a client stops ends with all its processes`(client: String) async throws {
        let (cluster, folder) = try await started()
        let processes = try await children(cluster)
        let stopped =
            client == "command"
            ? try await swiftlet("stop", "--broker", cluster.clients)
            : try await example("admin.py", [cluster.clients, "stop", "{}"])
        #expect(stopped.status == 0, "\(stopped.errors)")
        let end = try await cluster.supervisor.end()
        #expect(end.status == 0, "\(end.errors)")
        try await expectEnds(processes)
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a supervisor that is told to end ends everything and exits with 0`(
        signal: Int32
    ) async throws {
        let (cluster, folder) = try await started()
        let processes = try await children(cluster)
        cluster.supervisor.send(signal)
        let end = try await cluster.supervisor.end()
        #expect(end.status == 0, "\(end.errors)")
        try await expectEnds(processes)
        withExtendedLifetime(folder) {}
    }
}
