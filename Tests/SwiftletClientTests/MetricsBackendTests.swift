import Metrics
import MetricsTestKit
import SwiftletClient
import Testing

/// A program's own metrics backend. In a process of its own, since a backend is chosen once for all.
@Suite(.timeLimit(.minutes(5)))
struct MetricsBackendTests {
    @Test func `the backend that a program has chosen is told what its cluster does`() async {
        await #expect(processExitsWith: .success) {
            let backend = TestMetrics()
            MetricsSystem.bootstrap(backend)
            let folder = try DataFolder()
            try folder.buildIndex(named: "x", ["one", "two", "three"])
            let cluster = try await SearchCluster.started("shop", in: folder)
            try await cluster.addNode("a", endpoint: "local://x")
            for query in ["one", "two", "three"] { _ = try await cluster.search(query) }
            let refused = await failure { _ = try await cluster.search("(one") }
            #expect(refused?.code == "BAD_REQUEST")
            // The last totals are told at the end.
            await cluster.stop()

            let completed = [("cluster", "shop"), ("outcome", "completed")]
            #expect(try backend.expectCounter("broker_requests_total", completed).totalValue == 3)
            let failed = [("cluster", "shop"), ("outcome", "failed")]
            #expect(try backend.expectCounter("broker_requests_total", failed).totalValue == 1)
            let answers = try backend.expectTimer(
                "broker_request_duration_seconds", [("cluster", "shop")])
            #expect(answers.values.count == 3)
            #expect(answers.values.allSatisfy { (1...30_000_000_000).contains($0) })
            let tasks = try backend.expectTimer(
                "worker_call_duration_seconds", [("cluster", "shop"), ("node", "a")])
            #expect(tasks.values.count == 3)
        }
    }
}
