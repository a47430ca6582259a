/// What the coordinator must hold against the plain exchange and the search in process.
struct Bound {
    /// The name of the derived row that is judged, by its median over the rounds.
    let name: String
    let limit: Double
    let isAtLeast: Bool
    let unit: String

    static let brokerRate = Bound(
        name: "broker items/s over zmq_proxy items/s", limit: 0.6, isAtLeast: true, unit: "ratio")
    static let addedLatency = Bound(
        name: Derived.addedLatency, limit: 100, isAtLeast: false, unit: "µs")
    static let batchRate = Bound(
        name: "cluster queries/s over in-process queries/s, all cores", limit: 0.85,
        isAtLeast: true, unit: "ratio")

    static let all = [brokerRate, addedLatency, batchRate]

    func holds(_ value: Double) -> Bool { isAtLeast ? value >= limit : value <= limit }

    /// A line for each bound that the report has a row for.
    static func verdicts(of report: Report) -> [String] {
        all.compactMap { bound in
            guard let row = report.rows.first(where: { $0.name == bound.name }) else { return nil }
            let values = row.values.compactMap(\.number)
            let median = Spread(values).median
            return "\(bound.holds(median) ? "PASS" : "FAIL"): \(bound.name): \(median.rounded3) "
                + "\(bound.unit), bound: \(bound.isAtLeast ? "at least" : "at most") \(bound.limit)"
        }
    }
}

/// The rows of the bounds, from the measurements of one round.
struct BoundRows {
    /// The light queries.
    let timed: String
    let heavy: String
    /// The frames of the broker's exchange and of that with the light queries.
    let brokerSizes: String
    let clusterSizes: String

    func observations(_ round: [Observation]) -> [Observation] {
        let round = Round(round)
        var rows: [Observation] = []
        if let broker = round.number(BrokerBenchmark.rateName),
            let proxy = round.number(ExchangeBenchmark.rateName, brokerSizes)
        {
            rows.append(Self.row(.brokerRate, brokerSizes, broker / proxy))
        }
        if let whole = round.median(
            ClusterBenchmark.name(.oneInFlight, shards: 1, withDocuments: false), timed),
            let search = round.median(SearchBenchmark.name(shards: 1), timed),
            let proxy = round.median(ExchangeBenchmark.timesName, clusterSizes)
        {
            rows.append(Self.row(.addedLatency, timed, whole - search - proxy))
        }
        if let cluster = round.number(
            ClusterBenchmark.name(.batches, shards: 1, withDocuments: false), heavy),
            let engine = round.number(ParallelBenchmark.name, heavy)
        {
            rows.append(Self.row(.batchRate, heavy, cluster / engine))
        }
        return rows
    }

    private static func row(_ bound: Bound, _ data: String, _ value: Double) -> Observation {
        .number(bound.name, on: data, value, bound.unit)
    }
}
