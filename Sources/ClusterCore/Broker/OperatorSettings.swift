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

    /// Takes over what is present, all or nothing.
    ///
    /// Throws BAD_REQUEST that names field, value and allowed range.
    package mutating func apply(_ change: WireClusterSettings) throws(ItemFailure) {
        var changed = self
        try changed.applyLimits(change)
        try changed.applyChoices(change)
        if change.hasHealthCheckMs {
            let number = change.healthCheckMs
            try Self.check("health_check_ms", number, ProtocolLimits.healthCheckMilliseconds)
            changed.healthCheckInterval = .milliseconds(Int64(number))
        }
        self = changed
    }

    private mutating func applyLimits(_ change: WireClusterSettings) throws(ItemFailure) {
        if change.hasTimeoutMs {
            try Self.check("timeout_ms", change.timeoutMs, ProtocolLimits.timeoutMilliseconds)
            timeout = .milliseconds(Int64(change.timeoutMs))
        }
        if change.hasMaxRetries {
            try Self.check("max_retries", change.maxRetries, ProtocolLimits.retries)
            maxRetries = Int(change.maxRetries)
        }
        if change.hasSlowQueryMs {
            try Self.check(
                "slow_query_ms", change.slowQueryMs, ProtocolLimits.slowQueryMilliseconds)
            slowQuery = change.slowQueryMs == 0 ? nil : .milliseconds(Int64(change.slowQueryMs))
        }
    }

    private mutating func applyChoices(_ change: WireClusterSettings) throws(ItemFailure) {
        if change.hasLoadBalancing {
            guard let strategy = try LoadBalancing(wire: change.loadBalancing) else {
                throw Self.refusal(
                    "load_balancing", "LOAD_BALANCING_DEFAULT",
                    WireLoadBalancing.names.joined(separator: ", "))
            }
            loadBalancing = strategy
        }
        if change.hasHedging { hedging = change.hedging }
        if change.hasMergeStrategy {
            guard let strategy = try MergeStrategy(wire: change.mergeStrategy) else {
                throw Self.refusal(
                    "merge_strategy", "MERGE_DEFAULT",
                    WireMergeStrategy.names.joined(separator: ", "))
            }
            merge = strategy
        }
    }

    private static func check(
        _ field: String, _ number: UInt32, _ range: ClosedRange<UInt32>
    ) throws(ItemFailure) {
        guard !range.contains(number) else { return }
        throw refusal(field, "\(number)", "\(range.lowerBound) to \(range.upperBound)")
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
