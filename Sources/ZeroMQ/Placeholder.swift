// Placeholder of the ZeroMQ layer.
