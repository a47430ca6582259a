import WireMessages

/// What the broker knows of its cluster.
extension SearchClient {
    /// Nodes, settings, and what has come of all searches since the broker's start.
    ///
    /// A broker speaks for itself alone: with several, each has its own numbers.
    ///
    /// - Throws: `DEADLINE` if the broker does not answer within the budget.
    public func clusterStatistics(
        within budget: Duration = .seconds(2)
    ) async throws(SearchError) -> ClusterStatistics {
        ClusterStatistics(try await status(within: budget))
    }

    /// How one node is, and what it has done for this broker.
    ///
    /// - Throws: `NOT_FOUND` for a node that never joined the broker or was removed, `DEADLINE` if the
    ///   broker does not answer within the budget.
    public func nodeStatistics(
        _ name: String, within budget: Duration = .seconds(2)
    ) async throws(SearchError) -> NodeStatistics {
        let status = try await status(within: budget)
        guard let node = status.workers.first(where: { $0.name == name }) else {
            throw SearchError(
                code: "NOT_FOUND", message: "node: no worker named '\(name)' has joined this broker"
            )
        }
        return NodeStatistics(node)
    }

    /// The names of the nodes that get tasks now, in the order of their bytes.
    ///
    /// - Throws: `DEADLINE` if the broker does not answer within the budget.
    public func activeNodes(
        within budget: Duration = .seconds(2)
    ) async throws(SearchError) -> [String] {
        let status = try await status(within: budget)
        return status.workers.filter(\.getsTasks).map(\.name)
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
