/// What a broker knows of its cluster: nodes, settings, and what has come of the searches since it started.
public struct ClusterStatistics: Sendable, Equatable {
    /// The name of the broker, or of the cluster in this process.
    public var name: String
    /// Since the broker's start.
    public var uptime: Duration
    /// Nodes that are known, also those that have ended and were not removed.
    public var totalNodes: Int
    /// Of these, those that get tasks now.
    public var activeNodes: Int
    /// Of these, those that do not: deactivated, unhealthy, drained, ended, …
    public var inactiveNodes: Int { totalNodes - activeNodes }
    /// The settings in force.
    public var settings: ClusterSettings
    /// What has come of the searches.
    public var searches: SearchCounts
    /// From arrival to answer, mean of all successful searches; zero before the first.
    public var averageResponseTime: Duration
    /// The same for the last 1024 to 2047: half of them took at most this, to a hundredth.
    public var medianResponseTime: Duration
    /// The same for the last 1024 to 2047: 99 % of them took at most this, to a hundredth.
    public var percentile99ResponseTime: Duration
    /// What has come of tasks, each of which is one search on one shard.
    public var tasks: TaskCounts
    /// How often a node was lost without having said that it ends.
    public var nodesLost: UInt64
    /// Every index that a node has announced.
    public var indexes: [IndexStatistics]
}

/// Counts of searches; every query of a batch is one.
public struct SearchCounts: Sendable, Equatable {
    /// Accepted ones: those below and those under way.
    public var total: UInt64
    /// With an answer.
    public var successful: UInt64
    /// With an error.
    public var failed: UInt64
    /// Given up by their client.
    public var cancelled: UInt64
    /// Not accepted, such as when the broker was busy; not in the total.
    public var refused: UInt64
    /// Under way now.
    public var underWay: Int
}

/// Counts of tasks.
public struct TaskCounts: Sendable, Equatable {
    /// Given to nodes, second times included.
    public var sent: UInt64
    /// Of these, those given to another node after the first was lost or busy.
    public var resent: UInt64
    /// Of these, those given to a second node since the first was late.
    public var hedged: UInt64
    /// At nodes now.
    public var inFlight: Int
}

/// An index as the nodes of a cluster serve it.
public struct IndexStatistics: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// What tells this build from others of the same name.
    public var buildID: String
    /// Documents when it was built, over all shards.
    public var documents: UInt64
    /// For each of its shards, from 0, the nodes that serve it, in the order of their names; empty for
    /// one that nobody serves.
    public var shards: [[String]]
}
