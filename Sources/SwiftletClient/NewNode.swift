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
    /// The set of workers it belongs to, named as nodes are; nil for `default`.
    public var pool: String?
    /// Where it is, named as nodes are: brokers of the same zone prefer it; nil for nowhere in particular.
    public var zone: String?

    /// A worker of one index.
    public init(
        _ name: String, endpoint: String, weight: Double? = nil, threads: Int = 1,
        host: String? = nil, pool: String? = nil, zone: String? = nil
    ) {
        self.name = name
        self.endpoint = endpoint
        self.weight = weight
        self.threads = threads
        self.host = host
        self.pool = pool
        self.zone = zone
    }

    /// - Throws: `BAD_REQUEST` for a number of threads that the wire cannot hold, and for 0, which would mean
    ///   1 there; of all else the broker says whether it is allowed.
    var wire: WireNewNode {
        get throws(SearchError) {
            guard let threads = UInt32(exactly: threads), threads > 0 else {
                throw SearchError(
                    code: "BAD_REQUEST",
                    message: "node '\(name)': \(threads) threads; expected 1 to 256")
            }
            var node = WireNewNode()
            node.name = name
            node.endpoint = endpoint
            node.weight = weight ?? 0
            node.threads = threads
            node.host = host ?? ""
            node.pool = pool ?? ""
            node.zone = zone ?? ""
            return node
        }
    }
}
