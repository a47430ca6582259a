import ClusterCore

extension RestartPolicy {
    /// Reads the `restart` section; what is absent keeps its default.
    static func read(_ value: YAMLValue?) throws(ConfigurationError) -> RestartPolicy {
        guard let value else { return RestartPolicy() }
        let fields = try YAMLMapping(
            value,
            known: [
                "strategy", "limit", "period_s", "backoff_ms", "backoff_max_s", "backoff_quick_ms",
                "stable_s", "start_timeout_s", "grace_s",
            ])
        if let strategy = fields["strategy"],
            try strategy.text(allowed: "one_for_one") != "one_for_one"
        {
            throw strategy.refused(allowed: "one_for_one")
        }
        var policy = RestartPolicy()
        policy.limit = try fields.integer("limit", in: 0...1000, default: policy.limit)
        try fields.seconds("period_s", in: 1...86400, into: &policy.period)
        try fields.milliseconds("backoff_ms", in: 1...3_600_000, into: &policy.backoff)
        try fields.seconds("backoff_max_s", in: 1...3600, into: &policy.backoffMaximum)
        try fields.milliseconds("backoff_quick_ms", in: 1...3_600_000, into: &policy.quickBackoff)
        try fields.seconds("stable_s", in: 1...86400, into: &policy.stableAfter)
        try fields.seconds("start_timeout_s", in: 1...3600, into: &policy.startTimeout)
        try fields.seconds("grace_s", in: 0...3600, into: &policy.grace)
        if policy.backoff > policy.backoffMaximum {
            throw (fields["backoff_ms"] ?? value).refused(
                found: "a wait of \(policy.backoff)",
                allowed: "at most backoff_max_s, which is \(policy.backoffMaximum)")
        }
        return policy
    }
}

extension YAMLMapping {
    fileprivate func seconds(
        _ key: String, in range: ClosedRange<Int>, into duration: inout Duration
    ) throws(ConfigurationError) {
        if let value = self[key] { duration = .seconds(try value.integer(in: range)) }
    }

    fileprivate func milliseconds(
        _ key: String, in range: ClosedRange<Int>, into duration: inout Duration
    ) throws(ConfigurationError) {
        if let value = self[key] { duration = .milliseconds(try value.integer(in: range)) }
    }
}
