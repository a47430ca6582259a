import ClusterRuntime

/// What the bounds are judged by: the broker and the cluster, each beside what it is compared with.
struct BoundsSuite {
    private let inputs: Inputs
    private let options: RunOptions
    private let client: ClientConnection
    private let exchange: String
    private let broker: BrokerBenchmark

    /// - Throws: `BenchmarkError` for a missing option.
    init(_ inputs: Inputs, _ options: RunOptions, _ client: ClientConnection?) throws {
        guard let client, let exchange = options.exchange, let swiftlet = options.swiftlet else {
            throw BenchmarkError("the bounds need --broker, --exchange and --swiftlet")
        }
        self.inputs = inputs
        self.options = options
        self.client = client
        self.exchange = exchange
        broker = BrokerBenchmark(program: swiftlet, items: options.brokerItems)
    }

    /// Finds out the sizes of messages and the heavy queries.
    func suite(log: @escaping (String) -> Void) async throws -> Suite {
        let heavy = try inputs.heavy(options)
        let oneInFlight = ofOneShard(.oneInFlight, inputs.lightTimed)
        let ofBroker = exchange(try broker.sizes())
        let ofCluster = exchange(try await MessageSizes(of: oneInFlight))
        let rows = BoundRows(
            timed: inputs.lightTimed.description, heavy: heavy.description,
            brokerSizes: ofBroker.sizes.description, clusterSizes: ofCluster.sizes.description)
        let measured: [any Benchmark] = [
            broker, ofBroker,
            SearchBenchmark(index: inputs.one, queries: inputs.lightTimed), ofCluster, oneInFlight,
            ofOneShard(.oneInFlightFromPool, inputs.lightTimed), ofOneShard(.batches, heavy),
            ParallelBenchmark(index: inputs.one, queries: heavy, threads: options.threads),
        ]
        return Suite(measured, repeats: options.repeats, derive: rows.observations, log: log)
    }

    private func ofOneShard(
        _ mode: ClusterBenchmark.Mode, _ queries: QuerySet
    ) -> ClusterBenchmark {
        ClusterBenchmark(
            mode: mode, index: "one", shards: 1, withDocuments: false, queries: queries,
            client: client)
    }

    private func exchange(_ sizes: MessageSizes) -> ExchangeBenchmark {
        ExchangeBenchmark(
            program: exchange, sizes: sizes,
            items: (one: inputs.lightTimed.texts.count, many: options.exchangeItems))
    }
}
