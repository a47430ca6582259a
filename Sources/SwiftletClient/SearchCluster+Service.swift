public import ServiceLifecycle

/// A cluster among the services of an application, in its `ServiceGroup`.
extension SearchCluster: Service {
    /// Starts the cluster, waits for the graceful shutdown of its group, and stops it as ``stop()`` does;
    /// when its task is cancelled instead, without waiting for searches under way.
    ///
    /// - Throws: what ``start()`` throws.
    public func run() async throws {
        try await start()
        do {
            try await gracefulShutdown()
            await stop()
        } catch {
            await stop(within: .zero)
        }
    }
}
