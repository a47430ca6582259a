import ClusterRuntime
import SearchIndex
import Testing
import WireMessages
import ZeroMQ

@testable import SwiftletClient

/// Every setting is stored, read and, when out of range, refused by name.
@Suite(.timeLimit(.minutes(5))) struct StartingSettingsTests {
    private static let refused: [(change: ClusterSettings, reason: String)] = [
        (ClusterSettings(timeout: .zero), "timeout_ms 0; expected 1 to 300000"),
        (ClusterSettings(timeout: .seconds(-1)), "timeout_ms -1000; expected 1 to 300000"),
        (
            ClusterSettings(timeout: .milliseconds(300_001)),
            "timeout_ms 300001; expected 1 to 300000"
        ),
        (ClusterSettings(maxRetries: 101), "max_retries 101; expected 0 to 100"),
        (ClusterSettings(maxRetries: -1), "max_retries -1; expected 0 to 100"),
        (
            ClusterSettings(healthCheckInterval: .milliseconds(99)),
            "health_check_ms 99; expected 100 to 3600000"
        ),
        (
            ClusterSettings(healthCheckInterval: .seconds(3_601)),
            "health_check_ms 3601000; expected 100 to 3600000"
        ),
        (
            ClusterSettings(slowQuery: .milliseconds(300_001)),
            "slow_query_ms 300001; expected 0 to 300000"
        ),
        (
            ClusterSettings(slowQuery: .microseconds(-400)),
            "slow_query_ms -1; expected 0 to 300000"
        ),
        (
            ClusterSettings(healthCheckInterval: .seconds(Int64.max)),
            "health_check_ms 9223372036854775807000; expected 100 to 3600000"
        ),
        (ClusterSettings(maxRetries: .max), "max_retries \(Int.max); expected 0 to 100"),
    ]

    @Test func `every setting is changed, alone or with others, and reported`() async throws {
        try await StartingCluster.run(workers: []) { starting in
            var expected = ClusterSettings(
                timeout: .seconds(10), maxRetries: 16, loadBalancing: .adaptive, hedging: true,
                merge: .scoreDescending, healthCheckInterval: .seconds(30), slowQuery: .zero)
            let changes = [
                ClusterSettings(), ClusterSettings(timeout: .milliseconds(1)),
                ClusterSettings(timeout: .seconds(300), maxRetries: 0),
                ClusterSettings(maxRetries: 100), ClusterSettings(hedging: false),
                ClusterSettings(healthCheckInterval: .milliseconds(100)),
                ClusterSettings(healthCheckInterval: .seconds(3_600)),
                ClusterSettings(slowQuery: .milliseconds(1)),
                ClusterSettings(slowQuery: .seconds(300)), ClusterSettings(slowQuery: .zero),
            ]
            let named =
                LoadBalancing.allCases.map { ClusterSettings(loadBalancing: $0) }
                + MergeStrategy.allCases.map { ClusterSettings(merge: $0) }
            for change in changes + named {
                expected.timeout = change.timeout ?? expected.timeout
                expected.maxRetries = change.maxRetries ?? expected.maxRetries
                expected.loadBalancing = change.loadBalancing ?? expected.loadBalancing
                expected.hedging = change.hedging ?? expected.hedging
                expected.merge = change.merge ?? expected.merge
                expected.slowQuery = change.slowQuery ?? expected.slowQuery
                expected.healthCheckInterval =
                    change.healthCheckInterval ?? expected.healthCheckInterval
                let changed = try await starting.client.configure(change)
                #expect(changed == expected)
                #expect(try await starting.client.configure(ClusterSettings()) == expected)
            }
        }
    }

    @Test func `a value out of range is refused with field, value and range, changing nothing`()
        async throws
    {
        try await StartingCluster.run(workers: []) { starting in
            let before = try await starting.client.configure(ClusterSettings())
            for refused in Self.refused {
                var change = refused.change
                change.hedging = false
                let expected = SwiftletClient.SearchError(
                    code: "BAD_REQUEST", message: "configure: \(refused.reason)")
                await #expect(throws: expected) {
                    try await starting.client.configure(change)
                }
                #expect(try await starting.client.configure(ClusterSettings()) == before)
            }
        }
    }

    @Test func `times are rounded up to whole milliseconds, so that none becomes zero`()
        async throws
    {
        try await StartingCluster.run(workers: []) { starting in
            let times: [(asked: Duration, milliseconds: Int64)] = [
                (.nanoseconds(1), 1), (.microseconds(400), 1), (.seconds(0.000_4), 1),
                (.seconds(0.001), 1), (.seconds(0.007), 7), (.microseconds(1_001), 2),
            ]
            for time in times {
                let changed = try await starting.client.configure(
                    ClusterSettings(timeout: time.asked, slowQuery: time.asked))
                #expect(changed.timeout == .milliseconds(time.milliseconds))
                #expect(changed.slowQuery == .milliseconds(time.milliseconds))
            }
        }
    }

    @Test func `settings that are stored are read: the timeout, where a search names no budget`()
        async throws
    {
        try await StartingCluster.run(shards: 1, workers: []) { starting in
            let silent = try starting.cluster.startSilentWorker("s", serving: "x", .all)
            defer { _ = silent.inbox.post(.stop) }
            try await starting.status("the silent worker to join") { $0.ready == ["s"] }
            try await starting.client.configure(ClusterSettings(timeout: .milliseconds(150)))
            let began = ContinuousClock.now
            let alone = await failure { try await starting.client.search("title:web") }
            let batch = await starting.client.answers(
                to: ["title:web", "title:rust"].map { SearchRequest($0) }, options: SearchOptions())
            #expect(alone?.code == "DEADLINE")
            let codes = batch.map { if case .failure(let error) = $0 { error.code } else { "" } }
            #expect(codes == ["DEADLINE", "DEADLINE"])
            // Each would take ten seconds otherwise.
            #expect(began.duration(to: .now) < .seconds(8))
            let own = await failure {
                try await starting.client.search(
                    "title:web", options: SearchOptions(budget: .milliseconds(400)))
            }
            #expect(own?.code == "DEADLINE")
            #expect(began.duration(to: .now) >= .milliseconds(700))
        }
    }

    @Test func `settings that are stored are read: merging`() async throws {
        try await StartingCluster.run { starting in
            let scores = [
                "both", "rust-action", "elixir-guide", "erlang-systems", "rust-advanced",
                "concepts-advanced",
            ]
            #expect(try await starting.ids("rust programming") == scores)
            try await starting.client.configure(ClusterSettings(merge: .scoreAscending))
            #expect(try await starting.ids("rust programming") == scores.reversed())
            var options = SearchOptions()
            options.merge = .scoreDescending
            #expect(try await starting.ids("rust programming", options) == scores)
        }
    }

    @Test func `settings that are stored are read: balancing by weights, or in turn`() async throws
    {
        try await StartingCluster.run(shards: 1) { starting in
            try await starting.client.configure(
                ClusterSettings(loadBalancing: .weightedRoundRobin, hedging: false))
            try await starting.client.setNode("a", weight: 3)
            #expect(try await starting.tasks(of: 40) == ["a": 30, "b": 10])
            try await starting.client.setNode("b", weight: 0.75)
            #expect(try await starting.tasks(of: 40) == ["a": 32, "b": 8])
            try await starting.client.configure(ClusterSettings(loadBalancing: .roundRobin))
            #expect(try await starting.tasks(of: 40) == ["a": 20, "b": 20])
            let options = SearchOptions(loadBalancing: .weightedRoundRobin)
            #expect(try await starting.tasks(of: 40, options) == ["a": 32, "b": 8])
            // 0 gives back what the worker says: one thread.
            try await starting.client.setNode("a", weight: 0)
            try await starting.client.setNode("b", weight: 0)
            #expect(try await starting.tasks(of: 40, options) == ["a": 20, "b": 20])
        }
    }

    @Test func `settings that are stored are read: hedging of a worker that does not answer`()
        async throws
    {
        try await StartingCluster.run(shards: 1, workers: ["a"]) { starting in
            let silent = try starting.cluster.startSilentWorker("s", serving: "x", .all)
            defer { _ = silent.inbox.post(.stop) }
            try await starting.status("the silent worker to join") { $0.ready == ["a", "s"] }
            let options = SearchOptions(budget: .milliseconds(600), loadBalancing: .roundRobin)
            for hedging in [false, true] {
                try await starting.client.configure(ClusterSettings(hedging: hedging))
                var answered: [UInt32] = []
                var codes: [String] = []
                for _ in 0..<2 {
                    let late = await failure {
                        let answer = try await starting.client.search(
                            "title:web", options: options)
                        #expect(answer.hits.map(\.id) == ["web-modern", "web-design"])
                        answered.append(answer.coverage.hedged)
                    }
                    if let late { codes.append(late.code) }
                }
                #expect(answered.sorted() == (hedging ? [0, 1] : [0]))
                #expect(codes == (hedging ? [] : ["DEADLINE"]))
            }
        }
    }

    @Test(arguments: [-1, 1_000_000.5, 0.000_5, .infinity, .nan])
    func `a weight out of range is refused with value and range`(weight: Double) async throws {
        try await StartingCluster.run(workers: ["a"]) { starting in
            let expected = SwiftletClient.SearchError(
                code: "BAD_REQUEST",
                message: "node: weight \(weight); expected 0 (its number of threads) or 0.001 to "
                    + "1000000.0")
            await #expect(throws: expected) {
                try await starting.client.setNode("a", weight: weight)
            }
        }
    }

    @Test(arguments: [0, -1, .min, .max])
    func `numbers of threads that make no sense are refused with the number`(threads: Int) async {
        let error = await failure { try NewNode("n", endpoint: "local://x", threads: threads).wire }
        #expect(
            error?.description
                == "BAD_REQUEST: node 'n': \(threads) threads; expected 1 to 256")
    }
}
