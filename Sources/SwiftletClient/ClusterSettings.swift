import ClusterCore
public import SearchIndex
import WireMessages

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

/// Settings of a broker, as far as they are to be changed or known: nil means unchanged, or unknown.
public struct ClusterSettings: Sendable, Equatable {
    /// The time each query of a batch without a budget may take.
    public var timeout: Duration?
    /// How often one task is tried again after workers were busy.
    public var maxRetries: Int?
    /// How replicas are chosen where a search does not say.
    public var loadBalancing: LoadBalancing?
    /// Whether tasks that are late are also given to a second replica.
    public var hedging: Bool?
    /// How the hits of shards become one list where a search does not say.
    public var merge: MergeStrategy?
    /// How often workers check their shards, disk and loop.
    public var healthCheckInterval: Duration?
    /// Queries that take at least this long are logged; zero for none.
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

    init(_ wire: WireClusterSettings) {
        timeout = wire.hasTimeoutMs ? .milliseconds(Int64(wire.timeoutMs)) : nil
        maxRetries = wire.hasMaxRetries ? Int(wire.maxRetries) : nil
        loadBalancing = wire.hasLoadBalancing ? LoadBalancing(wire.loadBalancing) : nil
        hedging = wire.hasHedging ? wire.hedging : nil
        healthCheckInterval =
            wire.hasHealthCheckMs ? .milliseconds(Int64(wire.healthCheckMs)) : nil
        slowQuery = wire.hasSlowQueryMs ? .milliseconds(Int64(wire.slowQueryMs)) : nil
        merge = wire.hasMergeStrategy ? (try? MergeStrategy(wire: wire.mergeStrategy)) ?? nil : nil
    }

    /// Values that the wire cannot hold become some that are refused.
    var wire: WireClusterSettings {
        var body = WireClusterSettings()
        if let timeout { body.timeoutMs = timeout.wholeMilliseconds }
        if let maxRetries { body.maxRetries = UInt32(exactly: maxRetries) ?? .max }
        if let loadBalancing { body.loadBalancing = loadBalancing.wire }
        if let hedging { body.hedging = hedging }
        if let slowQuery { body.slowQueryMs = slowQuery.wholeMilliseconds }
        if let healthCheckInterval {
            body.healthCheckMs = healthCheckInterval.wholeMilliseconds
        }
        if let merge { body.mergeStrategy = merge.wire }
        return body
    }
}
