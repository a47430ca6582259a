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
    ///
    /// - Parameter isPlainSearch: else NOT_FOUND is about the document that was named.
    func isOfOneReplica(isPlainSearch: Bool) -> Bool {
        switch self {
        case .workerLost, .internal, .unspecified, .UNRECOGNIZED: true
        case .notFound: isPlainSearch
        case .busy, .deadline, .noWorkers, .poison, .cancelled, .badRequest, .unauthorized,
            .unsupported, .tooLarge:
            false
        }
    }
}
