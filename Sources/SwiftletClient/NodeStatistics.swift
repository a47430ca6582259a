/// How one node is, and what it has done, as its broker knows it.
public struct NodeStatistics: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// `local://INDEX` if it serves one index; nil if it serves several, or none since it has ended.
    public var endpoint: String?
    /// The set of nodes it belongs to.
    public var pool: String
    /// Where its process runs.
    public var host: String
    /// Of a broker's zone it comes first there; empty if it does not say.
    public var zone: String
    /// What its session with the broker is in.
    public var state: NodeState
    /// Whether an operator lets it have tasks; ``SearchCluster/setNode(_:isActive:weight:)`` changes it, and
    /// nothing else.
    public var isActive: Bool
    /// Whether it gets tasks now: it is ready, active, not unhealthy, and does not fail most of them.
    public var getsTasks: Bool
    /// Its share of the tasks, compared with other replicas'; nil while it has no session.
    public var weight: Double?
    /// Search threads; 0 while it has no session.
    public var threads: Int
    /// What its own checks say.
    public var health: NodeHealth
    /// Tasks at the node now, of this broker.
    public var tasksInFlight: Int
    /// Tasks it takes at once.
    public var window: Int
    /// Tasks done in its last session: searches of a shard, and fetches of documents.
    public var searches: UInt64
    /// Tasks of its last session that failed at the node: not what was cancelled, refused as busy, or wrong
    /// about the query.
    public var failures: UInt64
    /// How long its last 1024 to 2047 tasks took, by its own clock; zeros before its first report.
    public var serviceTime: ServiceTime
    /// What it serves; empty while it has no session.
    public var shards: [NodeShard]
    /// How often it was lost without having said that it ends.
    public var timesLost: Int
    /// Since the broker heard from it, or since its end.
    public var silence: Duration
    /// Why the broker does not take it; nil if it does.
    public var refusal: String?
}

/// A node's session with its broker.
public enum NodeState: String, Sendable, CaseIterable {
    /// It has not joined.
    case unknown
    /// It has not joined yet.
    case starting
    /// It serves.
    case ready
    /// It is silent for so long that it gets no tasks.
    case suspected
    /// It finishes what it has.
    case draining
    /// It has ended without a word.
    case lost
    /// It has ended as asked.
    case stopped
}

/// What a node's own checks of its shards, disk and loop say.
public struct NodeHealth: Sendable, Equatable {
    /// How good a node is.
    public enum Grade: String, Sendable, CaseIterable {
        /// It has not been checked yet.
        case unknown
        /// Nothing is wrong.
        case healthy
        /// It gets tasks only when no other node has room.
        case degraded
        /// It gets none.
        case unhealthy
    }

    /// The grade as of its last report.
    public var grade: Grade
    /// Why it is not healthy.
    public var reasons: [String]
    /// Since its last check, to about a second; nil before the first.
    public var sinceLastCheck: Duration?
    /// Reports since it has started; grows with time, and with every change.
    public var reports: UInt64
}

/// How long tasks took.
public struct ServiceTime: Sendable, Equatable {
    /// The sum over the count.
    public var average: Duration
    /// Half of them took at most this.
    public var median: Duration
    /// 99 % of them took at most this.
    public var percentile99: Duration
}

/// A shard that a node serves.
public struct NodeShard: Sendable, Equatable {
    /// Its index.
    public var index: String
    /// Its number there, from 0.
    public var shard: UInt32
    /// Counts the states of the shard's files.
    public var generation: UInt64
}
