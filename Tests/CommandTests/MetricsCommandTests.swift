import Foundation
import Glibc
import Testing

/// Metrics of running processes.
@Suite(.serialized, .timeLimit(.minutes(5))) struct MetricsCommandTests {
    /// What a text says of one series.
    private func value(_ series: String, in text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    private func build(in folder: ScratchFolder) async throws {
        var data = SampleData("metrics")
        let input = try folder.write("in.jsonl", data.documents(60))
        try FileManager.default.createDirectory(
            atPath: folder("data"), withIntermediateDirectories: false)
        let built = try await swiftlet(
            "index", "build", "--shards", "2", "--output", folder("data/birds"), input)
        try #require(built.status == 0, "\(built.errors)")
    }

    @Test func `after some searches a broker's metrics say how many there were`() async throws {
        let folder = try ScratchFolder()
        try await build(in: folder)
        try await Cluster.run(in: folder, serving: ["all"], replicas: 1) { cluster in
            let set = try await swiftlet("configure", "--no-hedging", "--broker", cluster.clients)
            try #require(set.status == 0, "\(set.errors)")
            for _ in 0..<5 {
                let end = try await swiftlet(
                    "search", "--limit", "0", "--broker", cluster.clients, "word1")
                try #require(end.status == 0, "\(end.errors)")
            }
            let bad = try await swiftlet("search", "--broker", cluster.clients, "(")
            try #require(bad.status == 65)
            let shown = try await swiftlet("metrics", "--broker", cluster.clients)
            try #require(shown.status == 0, "\(shown.errors)")
            for (series, expected) in [
                (#"broker_requests_total{broker="b1",outcome="completed"}"#, 5),
                (#"broker_requests_total{broker="b1",outcome="failed"}"#, 1),
                (#"broker_request_duration_seconds_count{broker="b1"}"#, 5),
                (#"broker_request_duration_seconds_bucket{broker="b1",le="+Inf"}"#, 5),
                (#"broker_queue_wait_seconds_count{broker="b1"}"#, 6),
                (#"broker_queue_items{broker="b1",priority="5"}"#, 0),
                (#"broker_calls_total{broker="b1",outcome="answered"}"#, 10),
                (#"broker_inflight_calls{broker="b1"}"#, 0),
                (#"broker_workers{broker="b1",state="ready"}"#, 1),
                (#"broker_worker_lost_total{broker="b1"}"#, 0),
            ] as [(String, Double)] {
                #expect(value(series, in: shown.output) == expected, "\(series)")
            }
            let tick = value(#"broker_loop_tick_max_seconds{broker="b1"}"#, in: shown.output)
            #expect((tick ?? 0) > 0)

            let json = try await swiftlet("metrics", "--json", "--broker", cluster.clients)
            let reply = try JSONDecoder().decode(
                [String: String].self, from: Data(json.output.utf8))
            #expect(
                value(
                    #"broker_requests_total{broker="b1",outcome="completed"}"#,
                    in: reply["text"] ?? "") == 5)
        }
    }

    @Test func `a worker's file has its metrics while it lives, and is gone after its end`()
        async throws
    {
        let folder = try ScratchFolder()
        try await build(in: folder)
        let metrics = folder("metrics")
        try FileManager.default.createDirectory(
            atPath: metrics, withIntermediateDirectories: false)
        let file = metrics + "/w1.prom"
        try await Cluster.run(
            in: folder, serving: ["all"], settings: "metrics: '\(metrics)'\n", replicas: 1
        ) { cluster in
            let end = try await swiftlet(
                "search", "--limit", "0", "--broker", cluster.clients, "word1")
            try #require(end.status == 0, "\(end.errors)")
            // One for each shard; the file is written every 5 s.
            let series = #"worker_call_duration_seconds_count{worker="w1"}"#
            let deadline = ContinuousClock.now + .seconds(30)
            var text = try String(contentsOfFile: file, encoding: .utf8)
            while value(series, in: text) != 2 {
                try #require(ContinuousClock.now < deadline, "waited in vain: \(text)")
                _ = try await cluster.status()
                text = try String(contentsOfFile: file, encoding: .utf8)
            }
            #expect(value(#"worker_slots{worker="w1"}"#, in: text) == 1)
            #expect(FileManager.default.fileExists(atPath: metrics + "/b1.prom"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: metrics).isEmpty)
    }
}
