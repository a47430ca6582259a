// Placeholder of the ClusterRuntime layer.
