import ClusterRuntime
import SwiftletClient
import Testing
import WireMessages

/// Nodes that come, go, are taken out of service and are counted.
@Suite(.timeLimit(.minutes(5))) struct StartingNodeTests {
    private static let rust = ["rust-advanced", "rust-action", "both"]

    @Test func `without nodes a search fails, and says so`() async throws {
        try await StartingCluster.run(workers: []) { starting in
            let expected = SwiftletClient.SearchError(
                code: "NO_WORKERS", message: "no worker has joined this broker")
            await #expect(throws: expected) { try await starting.client.search("title:rust") }
        }
    }

    @Test func `a search that waits for the first node is answered by it`() async throws {
        try await StartingCluster.run(workers: []) { starting in
            let client = starting.client
            async let found = client.search("title:rust")
            try await starting.status("the waiting search") { $0.broker.itemsWaiting == 1 }
            try starting.cluster.startWorker("a", serving: "x", .all)
            #expect(try await found.hits.map(\.id) == Self.rust)
        }
    }

    @Test func `an inactive node gets nothing, and none is left when all are inactive`()
        async throws
    {
        try await StartingCluster.run(shards: 1) { starting in
            try await starting.client.configure(
                ClusterSettings(loadBalancing: .roundRobin, hedging: false))
            #expect(try await starting.tasks(of: 6) == ["a": 3, "b": 3])
            try await starting.client.setNode("a", isActive: false)
            #expect(try await starting.tasks(of: 6) == ["a": 0, "b": 6])
            try await starting.client.setNode("b", isActive: false)
            let unserved = await failure { try await starting.client.search("title:rust") }
            #expect(unserved?.code == "NO_WORKERS")
            #expect(
                unserved?.message
                    == "no live worker serves shard x/0 ('a' is inactive, 'b' is inactive)")
            #expect(unserved?.coverage?.failures.map(\.shard) == [0])
            try await starting.client.setNode("a", isActive: true)
            try await starting.client.setNode("b", isActive: true)
            #expect(try await starting.tasks(of: 6) == ["a": 3, "b": 3])
        }
    }

    @Test func `a healthy check does not undo deactivation`() async throws {
        try await StartingCluster.run(shards: 1) { starting in
            try await starting.client.configure(
                ClusterSettings(
                    loadBalancing: .roundRobin, hedging: false,
                    healthCheckInterval: .milliseconds(100)))
            try await starting.client.setNode("a", isActive: false)
            let before = try await starting.status("a first check") {
                $0.worker("a")?.grade == .healthy
            }.worker("a")?.health.sequence
            try await starting.status("a later report of good health") { status in
                guard let worker = status.worker("a"), let before else { return false }
                return worker.health.sequence > before + 1 && worker.grade == .healthy
            }
            #expect(try await starting.client.status().worker("a")?.inactive == true)
            #expect(try await starting.tasks(of: 6) == ["a": 0, "b": 6])
        }
    }

    @Test func `a node that is not known is not found, by name`() async throws {
        try await StartingCluster.run(workers: ["a"]) { starting in
            let unknown = "node: no worker named 'z' has joined this broker; `status` lists them"
            let errors = [
                await failure { try await starting.client.setNode("z", isActive: true) },
                await failure { try await starting.client.removeNode("z") },
                await failure { try await starting.client.drainNode("z") },
                await failure { try await starting.client.startNode("z") },
            ]
            #expect(errors.map(\.?.code) == Array(repeating: "NOT_FOUND", count: 4))
            #expect(
                errors.map(\.?.message) == [
                    unknown, unknown, unknown,
                    "node: no supervisor of this broker runs a worker 'z'",
                ])
        }
    }

    @Test func `nodes are added by supervisors only, and none twice`() async throws {
        try await StartingCluster.run(workers: ["a"]) { starting in
            let nodes = ["b", "c"].map { NewNode($0, endpoint: "local://x") }
            let nobody = await failure { try await starting.client.addNodes(nodes) }
            #expect(nobody?.code == "UNSUPPORTED")
            #expect(
                nobody?.message
                    == "add: no supervisor has joined this broker; start the worker by itself, it "
                    + "then adds itself")
            let twice = await failure {
                try await starting.client.addNodes([NewNode("a", endpoint: "local://x")])
            }
            #expect(twice?.description == "BAD_REQUEST: add: a worker named 'a' has joined already")
            let workers = try await starting.client.status().workers
            #expect(workers.map(\.name) == ["a"])
        }
    }

    @Test func `a removed node finishes, goes and is forgotten, and may come again`()
        async throws
    {
        try await StartingCluster.run { starting in
            try await starting.client.removeNode("a")
            try await starting.status("a to be forgotten") { $0.workers.map(\.name) == ["b"] }
            #expect(try await starting.ids("title:rust") == Self.rust)
            try starting.cluster.startWorker("a", serving: "x", .all)
            try await starting.status("a to be back") { $0.ready == ["a", "b"] }
        }
    }

    @Test func `a node that died is replaced by the next of its name`() async throws {
        try await StartingCluster.run(workers: ["a"]) { starting in
            #expect(try await starting.ids("title:rust") == Self.rust)
            starting.cluster.stopWorker("a")
            let client = starting.client
            async let found = client.search("title:rust")
            try starting.cluster.startWorker("a", serving: "x", .all)
            #expect(try await found.hits.map(\.id) == Self.rust)
            for query in StartingCorpus.queries {
                let options = SearchOptions(limit: 100)
                #expect(try await starting.ids(query.text, options) == query.ids)
            }
        }
    }

    @Test func `a broker that is stopped and started again serves the same nodes and clients`()
        async throws
    {
        try await StartingCluster.run { starting in
            #expect(try await starting.ids("title:rust") == Self.rust)
            await starting.cluster.stopBroker()
            let client = starting.client
            async let found = client.search(
                "title:rust", options: SearchOptions(budget: .seconds(30)))
            try starting.cluster.startBroker()
            #expect(try await found.hits.map(\.id) == Self.rust)
            try await starting.status("both workers to be back") { $0.ready == ["a", "b"] }
        }
    }

    @Test func `statistics count searches, failures, refusals and tasks`() async throws {
        try await StartingCluster.run(workers: ["a", "b"]) { starting in
            try await starting.client.configure(ClusterSettings(hedging: false))
            let options = SearchOptions(documents: false)
            for _ in 0..<4 {
                _ = try await starting.client.search("title:rust", options: options)
            }
            _ = await starting.client.answers(
                to: ["title:web", "title:value AND", "title:web"].map { SearchRequest($0) },
                options: options)
            let status = try await starting.client.status()
            #expect(status.broker.itemsAccepted == 7)
            #expect(status.broker.itemsCompleted == 6)
            #expect(status.broker.itemsFailed == 1)
            #expect(status.broker.itemsCancelled == 0)
            #expect(status.broker.itemsRefused == 0)
            #expect(status.broker.itemsShared == 1)
            #expect(status.broker.itemsWaiting == 0)
            #expect(status.broker.tasksInFlight == 0)
            // Five different searches on three shards.
            #expect(status.broker.tasksSent == 15)
            #expect(status.broker.tasksResent == 0)
            #expect(status.workers.reduce(0) { $0 + $1.tasksDone } == 15)
            #expect(status.workers.allSatisfy { $0.tasksFailed == 0 && !$0.inactive })
            #expect(status.indexes.map(\.documents) == [12])
            #expect(status.indexes.first?.shards.map(\.liveDocuments) == [2, 7, 3])
            #expect(
                status.indexes.first?.shards.map(\.workers) == [
                    ["a", "b"], ["a", "b"], ["a", "b"],
                ])
            #expect(status.clients.map(\.name) == ["client"])
        }
    }
}
