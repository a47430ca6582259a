/// Searching and administering, as ``SearchClient`` has it.
extension SearchCluster {
    /// Answers one query over the nodes that are active.
    ///
    /// - Parameters:
    ///   - text: the query, in the language of docs/query-language.md.
    ///   - limit: the most hits of the answer; nil for the options' limit.
    ///   - offset: how many of the best hits are left out; nil for the options' offset.
    /// - Throws: why there is no answer, such as `BAD_REQUEST` with the position in the text, `NO_WORKERS`
    ///   at once when no active node has an index or shard, or `DEADLINE`.
    public func search(
        _ text: String, limit: UInt32? = nil, offset: UInt32? = nil,
        options: SearchOptions = SearchOptions()
    ) async throws(SearchError) -> SearchResponse {
        try await call { client throws(SearchError) in
            try await client.search(text, limit: limit, offset: offset, options: options)
        }
    }

    /// Answers one query over all indexes: the best hits with their documents.
    public func simpleSearch(
        _ text: String, limit: UInt32 = 10, offset: UInt32 = 0
    ) async throws(SearchError) -> SearchResponse {
        try await search(text, limit: limit, offset: offset)
    }

    /// Answers a batch of any length; the stream gives every request's answer once and then ends.
    ///
    /// Ending the iteration early cancels the rest.
    public func batch(
        _ requests: [SearchRequest], options: SearchOptions = SearchOptions()
    ) -> SearchClient.Answers {
        AsyncStream { continuation in
            let task = Task {
                do throws(SearchError) {
                    try await self.call { client in
                        for await answer in client.batch(requests, options: options) {
                            continuation.yield(answer)
                        }
                    }
                } catch {
                    for index in requests.indices { continuation.yield((index, .failure(error))) }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Changes settings; what is nil stays as it is.
    ///
    /// - Returns: all settings then in force.
    /// - Throws: `BAD_REQUEST`, naming field, value and range; then nothing was changed.
    @discardableResult
    public func configure(_ change: ClusterSettings) async throws(SearchError) -> ClusterSettings {
        try await call { client throws(SearchError) in try await client.configure(change) }
    }

    /// Adds a node; returns when it serves.
    ///
    /// - Parameters:
    ///   - name: not the name of another node.
    ///   - endpoint: `local://INDEX`: all shards of the index INDEX of the data folder.
    ///   - weight: its share of the tasks, compared with other replicas'; nil for its number of threads.
    ///   - threads: search threads, 1 to 256.
    /// - Throws: `BAD_REQUEST` for a name that is taken, a weight out of range, or an index that is not
    ///   there or cannot be opened; then nothing is left of the node.
    public func addNode(
        _ name: String, endpoint: String, weight: Double? = nil, threads: Int = 1
    ) async throws(SearchError) {
        try await addNodes([
            NewNode(name, endpoint: endpoint, weight: weight, threads: threads)
        ])
    }

    /// Adds up to 1000 nodes; returns when all serve.
    ///
    /// Names and weights are checked before any node is started. If one cannot be started after that,
    /// the others stay.
    ///
    /// - Throws: as ``addNode(_:endpoint:weight:threads:)``, with every node that failed.
    public func addNodes(_ nodes: [NewNode]) async throws(SearchError) {
        try await call { client throws(SearchError) in try await client.addNodes(nodes) }
    }

    /// Makes a node finish what it has, end, and be forgotten; returns when it is, after 4 s at most.
    ///
    /// - Throws: `NOT_FOUND` for a node that is not known.
    public func removeNode(_ name: String) async throws(SearchError) {
        try await call { client throws(SearchError) in try await client.removeNode(name) }
    }

    /// Makes a node finish what it has and end; returns when it has, after 4 s at most. It is not started
    /// again by itself.
    ///
    /// - Throws: `NOT_FOUND` for a node that is not known.
    public func drainNode(_ name: String) async throws(SearchError) {
        try await call { client throws(SearchError) in try await client.drainNode(name) }
    }

    /// Starts a node that was drained; returns when it serves.
    ///
    /// - Throws: `NOT_FOUND` for a node that is not known, `BAD_REQUEST` if its index cannot be opened.
    public func startNode(_ name: String) async throws(SearchError) {
        try await call { client throws(SearchError) in try await client.startNode(name) }
    }

    /// Changes how a node is used, until that is changed again; what is nil stays as it is.
    ///
    /// - Parameters:
    ///   - name: of a node.
    ///   - isActive: whether it gets tasks; its health never changes that.
    ///   - weight: its share of the tasks; 0 for its own.
    /// - Throws: `NOT_FOUND` for a node that is not known, `BAD_REQUEST` for a weight out of range.
    public func setNode(
        _ name: String, isActive: Bool? = nil, weight: Double? = nil
    ) async throws(SearchError) {
        try await call { client throws(SearchError) in
            try await client.setNode(name, isActive: isActive, weight: weight)
        }
    }

    /// Nodes, settings, and what has come of all searches since the start.
    public func clusterStatistics() async throws(SearchError) -> ClusterStatistics {
        try await call { client throws(SearchError) in try await client.clusterStatistics() }
    }

    /// How one node is, and what it has done.
    ///
    /// - Throws: `NOT_FOUND` for a node that is not known.
    public func nodeStatistics(_ name: String) async throws(SearchError) -> NodeStatistics {
        try await call { client throws(SearchError) in try await client.nodeStatistics(name) }
    }

    /// The names of the nodes that get tasks now, in the order of their bytes.
    public func activeNodes() async throws(SearchError) -> [String] {
        try await call { client throws(SearchError) in try await client.activeNodes() }
    }
}
