import WireMessages

/// A worker that a supervisor is to start.
public struct NewNode: Sendable, Hashable {
    /// Of letters, digits and `._-`, at most 64; not the name of another node.
    public var name: String
    /// `local://INDEX`: all shards of that index below the supervisor's data folder.
    public var endpoint: String
    /// Its share of the tasks, compared with other replicas'; nil for its number of threads.
    public var weight: Double?
    /// Search threads, 1 to 256.
    public var threads: Int
    /// Of the supervisor; nil where there is only one.
    public var host: String?

    /// A worker of one index.
    public init(
        _ name: String, endpoint: String, weight: Double? = nil, threads: Int = 1,
        host: String? = nil
    ) {
        self.name = name
        self.endpoint = endpoint
        self.weight = weight
        self.threads = threads
        self.host = host
    }

    /// Values that the wire cannot hold, and 0 threads, become some that are refused.
    var wire: WireNewNode {
        var node = WireNewNode()
        node.name = name
        node.endpoint = endpoint
        node.weight = weight ?? 0
        node.threads = threads > 0 ? UInt32(clamping: threads) : .max
        node.host = host ?? ""
        return node
    }
}
