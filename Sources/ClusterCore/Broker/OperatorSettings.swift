package import SearchIndex
package import WireMessages
import WireProtocol

/// What operators change while a broker runs, with CONFIGURE of ADMIN.
package struct OperatorSettings: Sendable, Equatable {
    /// The budget of a SUBMIT that names none.
    package var timeout = ProtocolLimits.defaultBudget
    /// How often one task is tried again after workers were BUSY; then it fails.
    package var maxRetries = 16
    /// How replicas are chosen where a Submit does not say.
    package var loadBalancing = LoadBalancing.adaptive
    /// Whether tasks that are late are also given to a second replica.
    package var hedging = true
    /// How the hits of shards become one list where a Submit does not say.
    package var merge = MergeStrategy.scoreDescending
    /// Items that take at least this long are logged; nil for none.
    package var slowQuery: Duration?
    /// How often workers check themselves.
    package var healthCheckInterval = ProtocolLimits.healthCheckInterval

    package init() {}

    private static let retries = 0...100
    private static let healthChecks: ClosedRange<UInt32> = 100...3_600_000

    /// Takes over what is present, all or nothing.
    ///
    /// Throws BAD_REQUEST that names field, value and allowed range.
    package mutating func apply(_ change: WireClusterSettings) throws(ItemFailure) {
        var changed = self
        if change.hasTimeoutMs {
            let most = ProtocolLimits.maxBudget.wholeMilliseconds
            guard (1...most).contains(change.timeoutMs) else {
                throw Self.refusal("timeout_ms", "\(change.timeoutMs)", "1 to \(most)")
            }
            changed.timeout = .milliseconds(Int64(change.timeoutMs))
        }
        if change.hasMaxRetries {
            guard Self.retries.contains(Int(change.maxRetries)) else {
                throw Self.refusal(
                    "max_retries", "\(change.maxRetries)",
                    "\(Self.retries.lowerBound) to \(Self.retries.upperBound)")
            }
            changed.maxRetries = Int(change.maxRetries)
        }
        if change.hasLoadBalancing {
            guard let strategy = try LoadBalancing(wire: change.loadBalancing) else {
                throw Self.refusal(
                    "load_balancing", "LOAD_BALANCING_DEFAULT",
                    LoadBalancing.allCases.map { $0.rawValue.uppercased() }
                        .joined(separator: ", "))
            }
            changed.loadBalancing = strategy
        }
        if change.hasHedging { changed.hedging = change.hedging }
        if change.hasMergeStrategy {
            guard let strategy = try MergeStrategy(wire: change.mergeStrategy) else {
                throw Self.refusal(
                    "merge_strategy", "MERGE_DEFAULT",
                    MergeStrategy.allCases.map { "\($0.wire)" }.joined(separator: ", "))
            }
            changed.merge = strategy
        }
        if change.hasSlowQueryMs {
            let most = ProtocolLimits.maxBudget.wholeMilliseconds
            guard change.slowQueryMs <= most else {
                throw Self.refusal("slow_query_ms", "\(change.slowQueryMs)", "0 to \(most)")
            }
            changed.slowQuery =
                change.slowQueryMs == 0 ? nil : .milliseconds(Int64(change.slowQueryMs))
        }
        if change.hasHealthCheckMs {
            guard Self.healthChecks.contains(change.healthCheckMs) else {
                throw Self.refusal(
                    "health_check_ms", "\(change.healthCheckMs)",
                    "\(Self.healthChecks.lowerBound) to \(Self.healthChecks.upperBound)")
            }
            changed.healthCheckInterval = .milliseconds(Int64(change.healthCheckMs))
        }
        self = changed
    }

    private static func refusal(
        _ field: String, _ value: String, _ expected: String
    ) -> ItemFailure {
        ItemFailure(.badRequest, "configure: \(field) \(value); expected \(expected)")
    }

    /// All of it, as status and ADMIN_REPLY report it.
    var wire: WireClusterSettings {
        var body = WireClusterSettings()
        body.timeoutMs = timeout.wholeMilliseconds
        body.maxRetries = UInt32(maxRetries)
        body.loadBalancing = loadBalancing.wire
        body.hedging = hedging
        body.mergeStrategy = merge.wire
        body.slowQueryMs = slowQuery?.wholeMilliseconds ?? 0
        body.healthCheckMs = healthCheckInterval.wholeMilliseconds
        return body
    }
}

/// The weights a node may have.
package enum NodeWeight {
    package static let range = 0.001...1_000_000
    /// The allowed values in words.
    package static let expected =
        "0 (its number of threads) or \(range.lowerBound) to \(range.upperBound)"
}
