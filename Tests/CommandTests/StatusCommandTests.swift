import Foundation
import Testing

/// What `swiftlet status` shows to people.
@Suite(.serialized, .timeLimit(.minutes(5))) struct StatusCommandTests {
    @Test func `of a worker it shows tasks, failures, percentiles and generations`() async throws {
        try await Cluster.runReplicas { cluster, _ in
            for _ in 0..<4 {
                let found = try await swiftlet("search", "--broker", cluster.clients, "word1")
                try #require(found.status == 0, "\(found.errors)")
            }
            let line =
                /worker w1: ready, pid \d+, weight 2.5, 0 in flight, 2 done, 0 failed, p50 (\d+) µs, p99 (\d+) µs, lost 0 times; birds\/0@1\n/
            // A report may come between the two: then they are asked again.
            let deadline = ContinuousClock.now + .seconds(60)
            var shown = try await swiftlet("status", "--broker", cluster.clients)
            while true {
                let status = try await cluster.status("a report of w1 after its tasks") {
                    ($0.worker("w1")?.health?.p99_us ?? 0) > 0
                }
                let times = try #require(status.worker("w1")?.health)
                shown = try await swiftlet("status", "--broker", cluster.clients)
                let found = try #require(shown.output.firstMatch(of: line), "\(shown.output)")
                if Int(found.1) == times.p50_us, Int(found.2) == times.p99_us { break }
                try #require(ContinuousClock.now < deadline, "\(shown.output) \(times)")
            }
            #expect(
                shown.output.contains(
                    "\n  settings: query timeout 10.0 s, max retries 16, load balancing "
                        + "weighted_round_robin, hedging off, health check every 30.0 s, slow "
                        + "queries not logged, merge score_desc\n"),
                "\(shown.output)")
        }
    }
}
