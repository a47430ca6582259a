import ClusterCore
import ClusterRuntime
import Foundation
import Logging
import ZeroMQ

/// One run: opens what the parts need, measures side by side, prints and writes the result.
struct Run {
    private let parts: Set<Part>
    private let options: RunOptions

    init(_ parts: Set<Part>, _ options: RunOptions) {
        self.parts = parts
        self.options = options
    }

    /// Runs and prints the table to standard output, progress to standard error.
    ///
    /// - Throws: if a part lacks its option, or an answer is wrong.
    @discardableResult
    func execute() async throws -> Report {
        let inputs = try Inputs(options)
        let machine = Machine.current
        let client = try connect()
        var suite =
            parts.contains(.bounds)
            ? try await BoundsSuite(inputs, options, client).suite(log: progress)
            : try await tableSuite(inputs, client)
        let report = try await suite.run()
        await client?.close()
        let result = RunResult(
            report: report, sizes: parts.contains(.bounds) ? [] : inputs.one.bytesBySection,
            inputs: inputs.description,
            source: options.source, machine: machine)
        print(result.plain)
        if let path = options.write {
            try MarkedSection(parts.contains(.bounds) ? "bounds" : "measured")
                .replace(inFile: path, with: result.markdown)
        }
        return report
    }

    private func tableSuite(_ inputs: Inputs, _ client: ClientConnection?) async throws -> Suite {
        let derived = Derived(
            timed: inputs.lightTimed.description, batched: inputs.lightBatched.description)
        return Suite(
            try await benchmarks(inputs, client), repeats: options.repeats,
            derive: derived.observations, log: progress)
    }

    private func benchmarks(
        _ inputs: Inputs, _ client: ClientConnection?
    ) async throws -> [any Benchmark] {
        var benchmarks: [any Benchmark] = []
        if parts.contains(.build) {
            benchmarks.append(BuildBenchmark(corpus: inputs.corpus, work: options.data))
        }
        if parts.contains(.search) { benchmarks += inputs.searchBenchmarks }
        let cluster = client.map { inputs.clusterBenchmarks($0) } ?? []
        if parts.contains(.cluster) { benchmarks += cluster }
        if parts.contains(.exchange) {
            guard let program = options.exchange, let first = cluster.first else {
                throw BenchmarkError("the exchange needs --exchange, and --broker for the sizes")
            }
            benchmarks.append(
                ExchangeBenchmark(
                    program: program, sizes: try await MessageSizes(of: first),
                    items: (one: inputs.lightTimed.texts.count, many: options.exchangeItems)))
        }
        return benchmarks
    }

    private func connect() throws -> ClientConnection? {
        guard !parts.isDisjoint(with: [.cluster, .exchange, .bounds]) else { return nil }
        guard let broker = options.broker else {
            throw BenchmarkError("the cluster and the exchange need --broker ENDPOINT")
        }
        var logger = Logger(label: "benchmarks")
        logger.logLevel = .error
        return try ClientConnection(
            settings: ClientSettings(name: "benchmarks", brokerCount: 1), endpoints: [broker],
            context: Context(), logger: logger)
    }
}

/// A line about the progress, on standard error.
private func progress(_ line: String) {
    FileHandle.standardError.write(Data("\(line)\n".utf8))
}
