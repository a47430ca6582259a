import ClusterCore
import Foundation
import TestSupport
import Testing

@testable import Benchmarks

@Suite struct BenchmarkStatisticsTests {
    @Test func `a percentile is the smallest sample that so many do not exceed`() {
        let samples = Samples(microseconds: [5, 1, 4, 2, 3])
        #expect(samples.percentile(0) == 1)
        #expect(samples.percentile(20) == 1)
        #expect(samples.percentile(21) == 2)
        #expect(samples.percentile(50) == 3)
        #expect(samples.percentile(99) == 5)
        #expect(samples.percentile(100) == 5)
        #expect(samples.mean == 3)
    }

    @Test func `percentiles are those of a count over random samples`() {
        var random = SeededRandom.forTest("percentiles")
        for _ in 0..<200 {
            let count = Int.random(in: 1...40, using: &random)
            let values = (0..<count).map { _ in Double(Int.random(in: 0...9, using: &random)) }
            let percent = Double(Int.random(in: 1...100, using: &random))
            let expected = values.sorted().first { candidate in
                100 * Double(values.count { $0 <= candidate }) >= percent * Double(count)
            }
            #expect(Samples(microseconds: values).percentile(percent) == expected)
        }
    }

    @Test func `28 percent of 25 samples are 7, not 8 by a rounded product`() {
        let samples = Samples(microseconds: (1...25).map(Double.init))
        #expect(samples.percentile(28) == 7)
    }

    @Test func `a spread has the middle and the extremes of the repeats`() {
        let odd = Spread([3, 1, 2])
        #expect((odd.median, odd.minimum, odd.maximum) == (2, 1, 3))
        let even = Spread([4, 1, 2, 3])
        #expect((even.median, even.minimum, even.maximum) == (2.5, 1, 4))
        #expect(Spread([7]) == Spread([7, 7]))
    }

    @Test func `durations count in microseconds`() {
        #expect(Samples([.milliseconds(2), .microseconds(1)]).sorted == [1, 2000])
    }

    @Test func `numbers are written with three digits or in groups`() {
        #expect(0.12345.rounded3 == "0.123")
        #expect(1.2345.rounded3 == "1.23")
        #expect(12.345.rounded3 == "12.3")
        #expect(1234.5.rounded3 == "1,235")
        #expect((-1_234_567).grouped == "-1,234,567")
        #expect(999.grouped == "999")
    }
}

@Suite struct BenchmarkReportTests {
    @Test func `a row has the medians over the rounds and the spread of the middle`() {
        var report = Report(repeats: 2)
        report.add([.times("search", on: "data", Samples(microseconds: [1, 2, 3]))])
        report.add([
            .times("search", on: "data", Samples(microseconds: [5, 6, 7])),
            .number("rate", on: "data", 250, "queries/s"),
        ])
        #expect(
            report.cells == [
                ["search", "data", "µs", "4.0", "4.0", "5.0", "2.0 to 6.0"],
                ["rate", "data", "queries/s", "250", "", "", "250 to 250"],
            ])
    }

    @Test func `derived numbers compare measurements of one round`() {
        let cluster = ClusterBenchmark.name(.oneInFlight, shards: 1, withDocuments: false)
        let round: [Observation] = [
            .times(cluster, on: "other", Samples(microseconds: [900])),
            .times(cluster, on: "q", Samples(microseconds: [500])),
            .times(SearchBenchmark.name(shards: 1), on: "q", Samples(microseconds: [300])),
            .times(ExchangeBenchmark.timesName, on: "b", Samples(microseconds: [120])),
        ]
        var report = Report(repeats: 1)
        let derived = Derived(timed: "q", batched: "b")
        report.add(derived.observations(round))
        #expect(report.cells.map { $0[3] } == ["80.0"])
        #expect(derived.observations([]).isEmpty)
    }

    @Test func `a bound is judged by the median of its row, and one without a row is not`() {
        var report = Report(repeats: 3)
        for value in [0.5, 0.7, 0.61] {
            report.add([.number(Bound.brokerRate.name, on: "d", value, "ratio")])
        }
        let verdicts = Bound.verdicts(of: report)
        #expect(verdicts.count == 1)
        #expect(verdicts[0].hasPrefix("PASS: broker items/s over zmq_proxy items/s: 0.61 ratio"))
        #expect(Bound.addedLatency.holds(100) && !Bound.addedLatency.holds(101))
        #expect(Bound.batchRate.holds(0.85) && !Bound.batchRate.holds(0.84))
    }

    @Test func `the rows of the bounds compare measurements on the same data`() {
        let cluster = ClusterBenchmark.name(.oneInFlight, shards: 1, withDocuments: false)
        let rows = BoundRows(timed: "t", heavy: "h", brokerSizes: "b", clusterSizes: "c")
        let round: [Observation] = [
            .number(BrokerBenchmark.rateName, on: "any", 300, "items/s"),
            .number(ExchangeBenchmark.rateName, on: "c", 1_000, "items/s"),
            .number(ExchangeBenchmark.rateName, on: "b", 500, "items/s"),
            .times(cluster, on: "t", Samples(microseconds: [500])),
            .times(SearchBenchmark.name(shards: 1), on: "t", Samples(microseconds: [300])),
            .times(ExchangeBenchmark.timesName, on: "b", Samples(microseconds: [1])),
            .times(ExchangeBenchmark.timesName, on: "c", Samples(microseconds: [120])),
            .number(ParallelBenchmark.name, on: "h", 2_000, "queries/s"),
            .number(
                ClusterBenchmark.name(.batches, shards: 1, withDocuments: false), on: "h", 1_800,
                "queries/s"),
        ]
        #expect(rows.observations(round).compactMap(\.value.number) == [0.6, 80, 0.9])
        #expect(rows.observations([]).isEmpty)
    }

    @Test func `the part between the markers is replaced, the rest stays`() throws {
        let section = MarkedSection("part")
        let old = "head\n\(section.begin)old\n\(section.end)tail\n"
        let new = try section.replacing(in: old, with: "new\n")
        #expect(new == "head\n\(section.begin)new\n\(section.end)tail\n")
    }

    private static let part = MarkedSection("part")

    @Test(arguments: ["", part.begin, part.end + part.begin])
    func `a file without both markers in order is refused`(text: String) {
        #expect(throws: BenchmarkError.self) { try Self.part.replacing(in: text, with: "") }
    }

    @Test func `the measurements keep the order in which each round runs them`() async throws {
        struct Fixed: Benchmark {
            let title: String
            func measure() async throws -> [Observation] { [.number(title, on: "", 1, "u")] }
        }
        var suite = Suite([Fixed(title: "a"), Fixed(title: "b")], repeats: 3, log: { _ in })
        let report = try await suite.run()
        #expect(report.rows.map(\.name) == ["a", "b"])
        #expect(report.rows.map(\.values.count) == [3, 3])
    }
}

@Suite struct BenchmarkCheckTests {
    @Test func `a wrong answer ends a benchmark and names the query`() {
        let answer = Answer(totalHits: 1, hits: [.init(id: "d1", score: 7)])
        let other = Answer(totalHits: 1, hits: [.init(id: "d1", score: 8)])
        let queries = QuerySet(["some query"], answers: [answer], "queries")
        #expect(throws: Never.self) { try [answer].check(against: queries, "here") }
        let error = #expect(throws: BenchmarkError.self) {
            try [other].check(against: queries, "here")
        }
        #expect(error?.description.contains("some query") == true)
        #expect(throws: BenchmarkError.self) { try [].check(against: queries, "here") }
    }

    @Test func `the exchange's output is read whole or refused`() throws {
        let output = try ExchangeOutput(
            "items 2\nnanoseconds 9000\ntrip 4000\ntrip 5000\n", items: 2)
        #expect(output.total == .microseconds(9))
        #expect(output.trips == [.microseconds(4), .microseconds(5)])
        for wrong in ["", "items 1\nnanoseconds 9\n", "items 2\n", "items 2\nnanoseconds x\n"] {
            #expect(throws: BenchmarkError.self) { try ExchangeOutput(wrong, items: 2) }
        }
    }
}

@Suite(.serialized, .timeLimit(.minutes(10))) struct BenchmarkSmallModeTests {
    @Test func `the small mode measures every part and finds every answer right`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let report = try await Small.report(exchange: try compileExchange(into: folder))
        let names = Set(report.rows.map(\.name))
        for shards in [1, 4] {
            #expect(names.contains(SearchBenchmark.name(shards: shards)))
            for mode in [ClusterBenchmark.Mode.oneInFlight, .batches] {
                for withDocuments in [false, true] {
                    #expect(
                        names.contains(
                            ClusterBenchmark.name(
                                mode, shards: shards, withDocuments: withDocuments)))
                }
            }
        }
        #expect(names.contains(ExchangeBenchmark.timesName))
        #expect(names.contains(ExchangeBenchmark.rateName))
        #expect(names.contains { $0.hasPrefix("index build") })
        #expect(names.contains { $0.hasPrefix("added latency") })
        #expect(report.rows.allSatisfy { $0.values.count == report.repeats })
    }

    @Test func `the bounds' small mode measures all that they are judged by`() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let report = try await Small.bounds(
            exchange: try compileExchange(into: folder), swiftlet: try Executable.path)
        let verdicts = Bound.verdicts(of: report)
        #expect(verdicts.count == Bound.all.count)
        for (verdict, bound) in zip(verdicts, Bound.all) {
            #expect(verdict.contains(bound.name), "\(verdict)")
        }
        let fromPool = ClusterBenchmark.name(
            .oneInFlightFromPool, shards: 1, withDocuments: false)
        #expect(report.rows.contains { $0.name == fromPool })
        #expect(report.rows.allSatisfy { $0.values.count == report.repeats })
    }

    /// Compiles exchange.c, with the C compiler of the system or that of the Swift toolchain.
    private func compileExchange(into folder: String) throws -> String {
        let top = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let source = top.appendingPathComponent("Sources/Benchmarks/Exchange/exchange.c").path
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/bin/sh")
        compiler.arguments = [
            "-c", #""$(command -v cc || command -v clang)" -O2 -o "$1" "$2" -lzmq"#, "sh",
            "\(folder)/exchange", source,
        ]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0, "exchange.c does not compile")
        return "\(folder)/exchange"
    }
}
