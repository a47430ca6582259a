// Placeholder of the ClusterCore layer.
