import Logging
import ServiceLifecycle
import Testing

@testable import SwiftletClient

/// Starting and stopping a cluster within this process.
@Suite(.timeLimit(.minutes(5)))
struct ClusterLifeTests {
    @Test
    func `starting and stopping twice change nothing, and a new start is without nodes`()
        async throws
    {
        let folder = try DataFolder()
        try folder.buildIndex(named: "x", ["one"])
        let cluster = try SearchCluster(name: "c", dataFolder: folder.path)
        #expect(!cluster.isRunning)
        await cluster.stop()
        try await cluster.start()
        try await cluster.addNode("a", endpoint: "local://x")
        try await cluster.start()
        #expect(cluster.isRunning)
        #expect(try await cluster.activeNodes() == ["a"])
        try await cluster.configure(ClusterSettings(maxRetries: 3))
        await cluster.stop()
        await cluster.stop()
        #expect(!cluster.isRunning)
        try await cluster.start()
        #expect(try await cluster.activeNodes() == [])
        #expect(try await cluster.clusterStatistics().settings.maxRetries == 16)
        try await cluster.addNode("a", endpoint: "local://x")
        #expect(try await cluster.search("one").hits.map(\.id) == ["d0"])
        await cluster.stop()
    }

    @Test
    func `starts and stops at the same time happen one after the other`() async throws {
        let folder = try DataFolder()
        let cluster = try SearchCluster(name: "c", dataFolder: folder.path)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<12 {
                group.addTask {
                    if number.isMultiple(of: 2) {
                        try? await cluster.start()
                    } else {
                        await cluster.stop()
                    }
                }
            }
        }
        try await cluster.start()
        #expect(try await cluster.clusterStatistics().totalNodes == 0)
        await cluster.stop()
        #expect(!cluster.isRunning)
    }

    @Test
    func `a cluster that does not run says so to every call`() async throws {
        let cluster = try SearchCluster(name: "c", dataFolder: "/nowhere")
        let calls: [() async throws -> Void] = [
            { _ = try await cluster.search("one") },
            { _ = try await cluster.simpleSearch("one") },
            { try await cluster.addNode("a", endpoint: "local://x") },
            { try await cluster.removeNode("a") },
            { try await cluster.drainNode("a") },
            { try await cluster.startNode("a") },
            { try await cluster.setNode("a", isActive: true) },
            { _ = try await cluster.configure(ClusterSettings()) },
            { _ = try await cluster.clusterStatistics() },
            { _ = try await cluster.nodeStatistics("a") },
            { _ = try await cluster.activeNodes() },
        ]
        for call in calls { #expect(await failure(call)?.code == "NOT_RUNNING") }
        var codes: [String] = []
        for await (_, answer) in cluster.batch([SearchRequest("one"), SearchRequest("two")]) {
            if case .failure(let error) = answer { codes.append(error.code) }
        }
        #expect(codes == ["NOT_RUNNING", "NOT_RUNNING"])
    }

    @Test
    func `a stop waits for the searches that are under way`() async throws {
        let folder = try DataFolder()
        try folder.buildIndex(named: "x", shards: 2, (0..<2_000).map { "w\($0 % 7) word" })
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x")
        let requests = (0..<3_000).map { SearchRequest("w\($0 % 7) word") }
        var complete = 0
        var stop: Task<Void, Never>?
        for await (_, answer) in cluster.batch(requests) {
            if stop == nil { stop = Task { await cluster.stop() } }
            #expect(try answer.get().totalHits == 2_000)
            complete += 1
        }
        #expect(complete == requests.count)
        await stop?.value
        #expect(!cluster.isRunning)
    }

    @Test
    func `a stop without patience ends every open search with an error, once`() async throws {
        let folder = try DataFolder()
        try folder.buildIndex(named: "x", shards: 2, (0..<2_000).map { "w\($0 % 7) word" })
        let cluster = try await SearchCluster.started(in: folder)
        try await cluster.addNode("a", endpoint: "local://x")
        let requests = (0..<3_000).map { SearchRequest("w\($0 % 7) word") }
        var seen: Set<Int> = []
        var codes: Set<String> = []
        var stop: Task<Void, Never>?
        for await (index, answer) in cluster.batch(requests) {
            if stop == nil { stop = Task { await cluster.stop(within: .zero) } }
            #expect(seen.insert(index).inserted)
            if case .failure(let error) = answer { codes.insert(error.code) }
        }
        #expect(seen.count == requests.count)
        #expect(codes.isSubset(of: ["CANCELLED"]))
        await stop?.value
        #expect(!cluster.isRunning)
    }

    @Test
    func `names, settings and graces out of range are refused`() async throws {
        func refusal(_ name: String, _ settings: ClusterSettings, _ grace: Duration) -> String? {
            do throws(SearchError) {
                _ = try SearchCluster(
                    name: name, dataFolder: "d", settings: settings, grace: grace)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(
            refusal("a b", ClusterSettings(), .zero)
                == "BAD_REQUEST: cluster: name 'a b'; expected 1 to 64 characters out of A-Z a-z "
                + "0-9 . _ -, the first a letter or digit")
        #expect(
            refusal("a", ClusterSettings(maxRetries: 101), .zero)
                == "BAD_REQUEST: configure: max_retries 101; expected 0 to 100")
        #expect(
            refusal("a", ClusterSettings(), .seconds(-1))
                == "BAD_REQUEST: cluster: grace -1.0 seconds; expected 0 to 3600 seconds")
        #expect(refusal("a", ClusterSettings(maxRetries: 100), .zero) == nil)
    }

    @Test(arguments: [true, false])
    func `a service group runs a cluster and ends it`(isGraceful: Bool) async throws {
        let folder = try DataFolder()
        try folder.buildIndex(named: "x", ["one"])
        let cluster = try SearchCluster(name: "c", dataFolder: folder.path)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(services: [cluster], logger: logger)
        let run = Task { try await group.run() }
        try await eventually("the cluster was not started") { cluster.isRunning }
        try await cluster.addNode("a", endpoint: "local://x")
        #expect(try await cluster.search("one").hits.map(\.id) == ["d0"])
        if isGraceful { await group.triggerGracefulShutdown() } else { run.cancel() }
        _ = await run.result
        #expect(!cluster.isRunning)
        #expect(
            await failure { _ = try await cluster.search("one") }?.code
                == "NOT_RUNNING")
    }
}
