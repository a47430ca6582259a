import WireMessages

/// A message that asks for something, so that a value that is not understood must not be passed over: what
/// was done would be something else.
protocol RuledMessage {
    /// By the names of fields as they stand in the `.proto` file.
    static var rules: [String: MemberRule] { get }
}

extension WireAdmin: RuledMessage {
    static let rules: [String: MemberRule] = [
        "configure": .message([
            "timeout_ms": .whole(ProtocolLimits.timeoutMilliseconds),
            "max_retries": .whole(ProtocolLimits.retries),
            "load_balancing": .name(WireLoadBalancing.names, absent: "LOAD_BALANCING_DEFAULT"),
            "hedging": .flag,
            "merge_strategy": .name(WireMergeStrategy.names, absent: "MERGE_DEFAULT"),
            "health_check_ms": .whole(ProtocolLimits.healthCheckMilliseconds),
            "slow_query_ms": .whole(ProtocolLimits.slowQueryMilliseconds),
        ]),
        "node": .message(["name": .text, "active": .flag, "weight": .number]),
        "add": .message(["nodes": .list(.message(newNode))]),
        "remove": nodeName, "drain": nodeName, "start": nodeName, "stop": .message(["host": .text]),
    ]

    private static let newNode: [String: MemberRule] = [
        "name": .text, "endpoint": .text, "weight": .number, "threads": .uint32, "host": .text,
        "pool": .text, "zone": .text,
    ]

    private static let nodeName = MemberRule.message(["name": .text])
}

extension WireSubmit: RuledMessage {
    static let rules: [String: MemberRule] = [
        "limit": .uint32, "offset": .uint32,
        "documents": .name(WireDocuments.names, absent: "DOCUMENTS_DEFAULT"),
        "operator": .name(WireOperator.names, absent: "OPERATOR_DEFAULT"),
        "ledger": .name(WireLedger.names, absent: nil),
        "load_balancing": .name(WireLoadBalancing.names, absent: "LOAD_BALANCING_DEFAULT"),
        "order": .name(WireAnswerOrder.names, absent: nil),
        "merge": .name(WireMergeStrategy.names, absent: "MERGE_DEFAULT"),
        "indexes": .list(.text), "fields": .list(.text), "lenient": .flag, "profile": .flag,
        "allow_partial": .flag, "min_coverage": .number, "traceparent": .text, "tracestate": .text,
        "without_done": .flag, "results_together": .flag, "items_together": .flag,
    ]
}

extension WireItem: RuledMessage {
    static let rules: [String: MemberRule] = [
        "limit": .uint32, "offset": .uint32,
        "documents": .name(WireDocuments.names, absent: "DOCUMENTS_DEFAULT"),
        "operator": .name(WireOperator.names, absent: "OPERATOR_DEFAULT"),
        "text": .text, "after": .text, "explain": .text, "traceparent": .text, "tracestate": .text,
    ]
}

extension WireItems: RuledMessage {
    static let rules: [String: MemberRule] = ["items": .list(.message(WireItem.rules))]
}

// The names in the `.proto` files, which the generated code has for itself alone (`RuledMessageTests`).

extension WireLoadBalancing {
    /// All but the one that means "absent", by their numbers.
    package static let names = [
        "ROUND_ROBIN", "WEIGHTED_ROUND_ROBIN", "LEAST_CONNECTIONS", "HEALTH_BASED", "ADAPTIVE",
    ]
}

extension WireMergeStrategy {
    /// All but the one that means "absent", by their numbers.
    package static let names = [
        "SCORE_DESC", "SCORE_ASC", "NODE_ORDER", "MERGE_ROUND_ROBIN", "RECIPROCAL_RANK_FUSION",
    ]
}

extension WireDocuments {
    static let names = ["SOURCE", "NONE"]
}

extension WireOperator {
    static let names = ["OR", "AND"]
}

extension WireLedger {
    static let names = ["LEDGER_WHEN_NOT_OK", "FULL"]
}

extension WireAnswerOrder {
    static let names = ["COMPLETION", "SUBMISSION"]
}
