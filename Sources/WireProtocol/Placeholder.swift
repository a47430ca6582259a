// Placeholder of the WireProtocol layer.
