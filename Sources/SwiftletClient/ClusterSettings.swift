import ClusterCore
public import SearchIndex
package import WireMessages
import WireProtocol

/// How a broker chooses the replica that gets a task; docs/operations.md describes each.
public enum LoadBalancing: String, Sendable, CaseIterable {
    /// One after the other.
    case roundRobin = "round_robin"
    /// In proportion to the weights, evenly spread.
    case weightedRoundRobin = "weighted_round_robin"
    /// The one with the fewest tasks in flight for its weight.
    case leastConnections = "least_connections"
    /// In proportion to the weights, less the share of tasks that failed lately.
    case healthBased = "health_based"
    /// The one that answers fastest at its present load.
    case adaptive

    var wire: WireLoadBalancing {
        ClusterCore.LoadBalancing(rawValue: rawValue)?.wire ?? .default
    }

    init?(_ wire: WireLoadBalancing) {
        guard let strategy = try? ClusterCore.LoadBalancing(wire: wire) else { return nil }
        self.init(rawValue: strategy.rawValue)
    }
}

/// Settings of a broker, as far as they are to be changed or known: nil means unchanged, or unknown. Times are
/// rounded up to whole milliseconds.
public struct ClusterSettings: Sendable, Equatable {
    /// The time each query may take whose options name no budget: 1 ms to 300 s.
    public var timeout: Duration?
    /// How often one task is tried again after workers were busy: 0 to 100.
    public var maxRetries: Int?
    /// How replicas are chosen where a search does not say.
    public var loadBalancing: LoadBalancing?
    /// Whether tasks that are late are also given to a second replica.
    public var hedging: Bool?
    /// How the hits of shards become one list where a search does not say.
    public var merge: MergeStrategy?
    /// How often workers check their shards, disk and loop: 0.1 s to an hour.
    public var healthCheckInterval: Duration?
    /// Queries that take at least this long are logged, up to 300 s; zero for none.
    public var slowQuery: Duration?

    /// Settings; without arguments, nothing is changed.
    public init(
        timeout: Duration? = nil, maxRetries: Int? = nil, loadBalancing: LoadBalancing? = nil,
        hedging: Bool? = nil, merge: MergeStrategy? = nil, healthCheckInterval: Duration? = nil,
        slowQuery: Duration? = nil
    ) {
        self.timeout = timeout
        self.maxRetries = maxRetries
        self.loadBalancing = loadBalancing
        self.hedging = hedging
        self.merge = merge
        self.healthCheckInterval = healthCheckInterval
        self.slowQuery = slowQuery
    }

    /// From the form on the wire; what this version does not know is nil.
    package init(_ wire: WireClusterSettings) {
        timeout = wire.hasTimeoutMs ? .milliseconds(Int64(wire.timeoutMs)) : nil
        maxRetries = wire.hasMaxRetries ? Int(wire.maxRetries) : nil
        loadBalancing = wire.hasLoadBalancing ? LoadBalancing(wire.loadBalancing) : nil
        hedging = wire.hasHedging ? wire.hedging : nil
        healthCheckInterval =
            wire.hasHealthCheckMs ? .milliseconds(Int64(wire.healthCheckMs)) : nil
        slowQuery = wire.hasSlowQueryMs ? .milliseconds(Int64(wire.slowQueryMs)) : nil
        merge = wire.hasMergeStrategy ? (try? MergeStrategy(wire: wire.mergeStrategy)) ?? nil : nil
    }

    /// Times are in whole milliseconds, rounded up.
    ///
    /// - Throws: `BAD_REQUEST` for a value that the wire cannot hold, naming field, value and range; of all
    ///   others the broker says whether they are allowed.
    var wire: WireClusterSettings {
        get throws(SearchError) {
            var body = WireClusterSettings()
            if let timeout {
                body.timeoutMs = try Self.number(
                    timeout.millisecondsRoundedUp, "timeout_ms", ProtocolLimits.timeoutMilliseconds)
            }
            if let maxRetries {
                body.maxRetries = try Self.number(
                    Int128(maxRetries), "max_retries", ProtocolLimits.retries)
            }
            if let loadBalancing { body.loadBalancing = loadBalancing.wire }
            if let hedging { body.hedging = hedging }
            if let slowQuery {
                body.slowQueryMs = try Self.number(
                    slowQuery.millisecondsRoundedUp, "slow_query_ms",
                    ProtocolLimits.slowQueryMilliseconds)
            }
            if let healthCheckInterval {
                body.healthCheckMs = try Self.number(
                    healthCheckInterval.millisecondsRoundedUp, "health_check_ms",
                    ProtocolLimits.healthCheckMilliseconds)
            }
            if let merge { body.mergeStrategy = merge.wire }
            return body
        }
    }

    private static func number(
        _ value: Int128, _ field: String, _ range: ClosedRange<UInt32>
    ) throws(SearchError) -> UInt32 {
        if let number = UInt32(exactly: value) { return number }
        throw SearchError(
            code: "BAD_REQUEST",
            message: "configure: \(field) \(value); expected \(range.lowerBound) to "
                + "\(range.upperBound)")
    }
}

extension Duration {
    /// Whole milliseconds, away from zero, so that nothing but zero becomes zero. A nanosecond more than whole
    /// ones is none: fractions in binary are seldom exact.
    fileprivate var millisecondsRoundedUp: Int128 {
        let (whole, rest) = attoseconds.quotientAndRemainder(dividingBy: 1_000_000_000_000_000)
        let isMore = whole == 0 ? rest != 0 : rest.magnitude > 1_000_000_000
        return isMore ? whole + rest.signum() : whole
    }
}
