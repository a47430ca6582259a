/// Numbers that compare measurements of one round: light queries, one shard, ids and scores only.
struct Derived {
    /// The descriptions of the light queries.
    let timed: String
    let batched: String

    static let addedLatency = "added latency: cluster p50 less in-process p50 less zmq_proxy p50"

    private static let cluster = ClusterBenchmark.name(
        .oneInFlight, shards: 1, withDocuments: false)
    private static let batches = ClusterBenchmark.name(.batches, shards: 1, withDocuments: false)
    private static let engine = SearchBenchmark.name(shards: 1)

    /// The added latency of the cluster and its rate beside the C exchange; none for what the round
    /// did not measure.
    func observations(_ round: [Observation]) -> [Observation] {
        let round = Round(round)
        var derived: [Observation] = []
        if let whole = round.median(Self.cluster, timed),
            let search = round.median(Self.engine, timed),
            let exchange = round.median(ExchangeBenchmark.timesName)
        {
            derived.append(
                .number(Self.addedLatency, on: timed, whole - search - exchange, "µs"))
        }
        if let queries = round.number(Self.batches, batched),
            let items = round.number(ExchangeBenchmark.rateName)
        {
            derived.append(
                .number(
                    "cluster queries/s over zmq_proxy items/s", on: batched, queries / items,
                    "ratio"))
        }
        return derived
    }
}
