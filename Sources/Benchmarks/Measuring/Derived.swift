import ClusterCore

/// Numbers that compare measurements of one round: light queries, one shard, ids and scores only.
struct Derived {
    /// The descriptions of the light queries.
    let timed: String
    let batched: String

    private static let cluster = ClusterBenchmark.name(
        .oneInFlight, shards: 1, withDocuments: false)
    private static let batches = ClusterBenchmark.name(.batches, shards: 1, withDocuments: false)
    private static let engine = SearchBenchmark.name(shards: 1)

    /// The added latency of the cluster and its rate beside the C exchange; none for what the round
    /// did not measure.
    func observations(_ round: [Observation]) -> [Observation] {
        var derived: [Observation] = []
        if let whole = median(Self.cluster, timed, round),
            let search = median(Self.engine, timed, round),
            let exchange = median(ExchangeBenchmark.timesName, nil, round)
        {
            derived.append(
                .number(
                    "added latency: cluster p50 less in-process p50 less zmq_proxy p50",
                    on: timed, whole - search - exchange, "µs"))
        }
        if let queries = number(Self.batches, batched, round),
            let items = number(ExchangeBenchmark.rateName, nil, round)
        {
            derived.append(
                .number(
                    "cluster queries/s over zmq_proxy items/s", on: batched, queries / items,
                    "ratio"))
        }
        return derived
    }

    private func median(_ name: String, _ data: String?, _ round: [Observation]) -> Double? {
        guard case .times(let samples) = value(name, data, round) else { return nil }
        return samples.percentile(50)
    }

    private func number(_ name: String, _ data: String?, _ round: [Observation]) -> Double? {
        guard case .number(let number, _) = value(name, data, round) else { return nil }
        return number
    }

    /// Of the measurement with this name, on this data or on any.
    private func value(
        _ name: String, _ data: String?, _ round: [Observation]
    ) -> Observation.Value? {
        round.first { $0.name == name && (data == nil || $0.data == data) }?.value
    }
}
