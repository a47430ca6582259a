import CoreMetrics
import Testing

@testable import ClusterCore
@testable import ClusterRuntime

/// The text format of Prometheus, to the letter.
struct ExpositionTests {
    @Test func `counters and gauges have a line each, with HELP where we know it`() {
        let registry = PrometheusRegistry(labels: [("broker", "b1")])
        let counter = registry.makeCounter(
            label: "broker_requests_total", dimensions: [("outcome", "completed")])
        counter.increment(by: 3)
        counter.increment(by: 4)
        registry.makeCounter(label: "broker_requests_total", dimensions: [("outcome", "failed")])
            .increment(by: 1)
        registry.makeMeter(label: "a.gauge", dimensions: []).set(0.25)
        registry.makeRecorder(label: "b", dimensions: [], aggregate: false).record(Int64(-7))
        #expect(
            registry.exposition() == """
                # TYPE a_gauge gauge
                a_gauge{broker="b1"} 0.25
                # TYPE b gauge
                b{broker="b1"} -7
                # HELP broker_requests_total Items of SUBMIT that have ended, by outcome.
                # TYPE broker_requests_total counter
                broker_requests_total{broker="b1",outcome="completed"} 7
                broker_requests_total{broker="b1",outcome="failed"} 1

                """)
    }

    @Test func `label values and help texts are escaped, names made valid`() {
        let registry = PrometheusRegistry()
        registry.makeCounter(
            label: "9-lives", dimensions: [("a-b", "back\\slash \"quoted\"\nline é")]
        ).increment(by: 1)
        #expect(
            registry.exposition()
                == "# TYPE _9_lives counter\n"
                + #"_9_lives{a_b="back\\slash \"quoted\"\nline é"} 1"# + "\n")
        #expect(ExpositionText.escapedHelp("a\\b \"c\"\nd") == #"a\\b "c"\nd"#)
        #expect(ExpositionText.name("") == "_")
    }

    @Test(
        arguments: [
            (0, "0"), (1, "1"), (-3, "-3"), (0.5, "0.5"), (1e300, "1e+300"), (.nan, "NaN"),
            (.infinity, "+Inf"), (-.infinity, "-Inf"),
        ] as [(Double, String)])
    func `numbers are written so that they read back`(_ value: Double, _ text: String) {
        #expect(ExpositionText.number(value) == text)
    }

    @Test func `a timer is a histogram in seconds with cumulative buckets`() {
        let registry = PrometheusRegistry()
        let timer = registry.makeTimer(
            label: "worker_call_duration_seconds", dimensions: [("x", "y")])
        for milliseconds in [1, 1, 3, 70, 2_000, 700_000] as [Int64] {
            timer.recordNanoseconds(milliseconds * 1_000_000)
        }
        timer.recordNanoseconds(-5)
        let counts = [
            ("0.0001", 1), ("0.00025", 1), ("0.0005", 1), ("0.001", 3), ("0.0025", 3),
            ("0.005", 4), ("0.01", 4), ("0.025", 4), ("0.05", 4), ("0.1", 5), ("0.25", 5),
            ("0.5", 5), ("1", 5), ("2.5", 6), ("5", 6), ("10", 6), ("60", 6), ("300", 6),
            ("+Inf", 7),
        ]
        let name = "worker_call_duration_seconds"
        let buckets = counts.map { "\(name)_bucket{x=\"y\",le=\"\($0)\"} \($1)\n" }.joined()
        #expect(
            registry.exposition() == """
                # HELP \(name) Work on a task, without waiting.
                # TYPE \(name) histogram
                \(buckets)\(name)_sum{x="y"} 702.075
                \(name)_count{x="y"} 7

                """)
    }

    @Test func `a recorder that aggregates is a summary with quantiles`() {
        let registry = PrometheusRegistry()
        let recorder = registry.makeRecorder(label: "sizes", dimensions: [], aggregate: true)
        #expect(registry.exposition().contains("sizes{quantile=\"0.5\"} NaN\n"))
        for value in 1...100 { recorder.record(Int64(value)) }
        #expect(
            registry.exposition() == """
                # TYPE sizes summary
                sizes{quantile="0.5"} 50
                sizes{quantile="0.9"} 90
                sizes{quantile="0.99"} 99
                sizes_sum 5050
                sizes_count 100

                """)
    }

    @Test func `a series asked for twice is one, a destroyed one is gone`() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "c", dimensions: []).increment(by: 1)
        registry.makeCounter(label: "c", dimensions: []).increment(by: 2)
        #expect(registry.exposition() == "# TYPE c counter\nc 3\n")
        registry.destroyCounter(registry.makeCounter(label: "c", dimensions: []))
        #expect(registry.exposition().isEmpty)
    }

    @Test func `a name of another kind, and series beyond the bound, are counted nowhere`() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "c", dimensions: []).increment(by: 1)
        registry.makeMeter(label: "c", dimensions: []).set(9.0)
        for number in 0...PrometheusRegistry.maxSeries {
            registry.makeCounter(label: "d", dimensions: [("n", "\(number)")]).increment(by: 1)
        }
        let lines = registry.exposition().split(separator: "\n")
        #expect(lines.prefix(2) == ["# TYPE c counter", "c 1"])
        #expect(lines.count { !$0.hasPrefix("#") } == PrometheusRegistry.maxSeries)
    }
}
