package import WireMessages

/// How the replica that gets a task is chosen among those that could take it.
///
/// Whatever the strategy, replicas in the broker's zone come first, and within a strategy equal ones
/// take turns. docs/operations.md describes them for operators.
package enum LoadBalancing: String, CaseIterable, Sendable {
    /// One after the other.
    case roundRobin = "round_robin"
    /// In proportion to the weights, evenly spread.
    case weightedRoundRobin = "weighted_round_robin"
    /// The one with the fewest tasks in flight for its weight.
    case leastConnections = "least_connections"
    /// In proportion to the weights, less the share of tasks that failed lately.
    case healthBased = "health_based"
    /// The one that answers fastest at its present load, among those without a long queue.
    case adaptive

    /// The strategy of a Submit; nil where it leaves it to the broker.
    ///
    /// Refuses a number that this version does not know.
    package init?(wire: WireLoadBalancing) throws(ItemFailure) {
        switch wire {
        case .default: return nil
        case .roundRobin: self = .roundRobin
        case .weightedRoundRobin: self = .weightedRoundRobin
        case .leastConnections: self = .leastConnections
        case .healthBased: self = .healthBased
        case .adaptive: self = .adaptive
        case .UNRECOGNIZED: throw ItemFailure(unknown: wire, of: "load_balancing")
        }
    }

    /// The form on the wire.
    package var wire: WireLoadBalancing {
        switch self {
        case .roundRobin: .roundRobin
        case .weightedRoundRobin: .weightedRoundRobin
        case .leastConnections: .leastConnections
        case .healthBased: .healthBased
        case .adaptive: .adaptive
        }
    }
}
