import WireMessages

/// What an error of a task says of the shard and of the replica that answered it.
extension WireErrorCode {
    /// Whether it is about one shard; any other is about the query, and the same everywhere.
    var isOfOneShard: Bool {
        switch self {
        case .deadline, .busy, .noWorkers, .workerLost, .poison, .internal, .cancelled, .notFound:
            true
        case .unspecified, .badRequest, .unauthorized, .unsupported, .tooLarge, .UNRECOGNIZED:
            false
        }
    }

    /// Whether another replica of the shard might not have failed.
    var isOfOneReplica: Bool {
        switch self {
        case .busy, .workerLost, .internal, .notFound, .unspecified, .UNRECOGNIZED: true
        case .deadline, .noWorkers, .poison, .cancelled, .badRequest, .unauthorized,
            .unsupported, .tooLarge:
            false
        }
    }
}
