import WireProtocol

/// How long to wait for a shard's answer before a second replica is asked too.
///
/// The 95th percentile of the shard's recent answers to queries of the same class: then about one
/// task in twenty is late (Dean and Barroso, "The tail at scale", CACM 56(2), 2013, "hedged
/// requests"). Memory: 170 bytes for each class seen, of which there are 20.
struct HedgeDelays: Sendable {
    /// Until this many answers are known, and as the least delay.
    private static let leastCount = 32
    private static let unlearned = Duration.milliseconds(200)
    private static let least = Duration.milliseconds(1)
    private static let share = 0.95

    /// By class. Most shards see one or two, which are found sooner than a hash is computed.
    private var quantiles: [(kind: QueryClass, latencies: LatencyQuantile)] = []

    /// Enters a latency: of an answer, or how long one has been waited for in vain.
    mutating func add(_ latency: Duration, of kind: QueryClass) {
        guard let place = quantiles.firstIndex(where: { $0.kind == kind }) else {
            var latencies = LatencyQuantile()
            latencies.add(latency)
            return quantiles.append((kind, latencies))
        }
        quantiles[place].latencies.add(latency)
    }

    /// The delay for a task of a class.
    func delay(of kind: QueryClass) -> Duration {
        guard let known = quantiles.first(where: { $0.kind == kind })?.latencies,
            known.count >= Self.leastCount
        else { return Self.unlearned }
        return max(Self.least, known.value(at: Self.share))
    }
}

/// Tasks that take about as long as each other: searches by how many hits they ask for and by the size
/// of their tree, fetches by how many documents they ask for.
struct QueryClass: Equatable, Sendable {
    private let number: UInt8

    /// - Parameters:
    ///   - hits: asked of one shard.
    ///   - bytes: of the encoded tree.
    init(hits: Int, bytes: Int) {
        let size = [32, 128, 512].count { bytes > $0 }
        number = UInt8(Self.width(hits) * 4 + size)
    }

    /// The fetch of some documents of a shard.
    init(documents: Int) {
        number = UInt8(16 + Self.width(documents))
    }

    private static func width(_ hits: Int) -> Int { [10, 100, 1_000].count { hits > $0 } }
}
