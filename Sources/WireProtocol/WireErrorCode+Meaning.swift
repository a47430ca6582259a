package import WireMessages

extension WireErrorCode {
    /// Whether the same work, sent again unchanged, may succeed: only for errors that come from
    /// the state of the cluster, not from the request.
    package var isRetryable: Bool {
        switch self {
        case .busy, .noWorkers, .workerLost: true
        case .unspecified, .badRequest, .notFound, .deadline, .cancelled, .poison, .unauthorized,
            .unsupported, .tooLarge, .internal, .UNRECOGNIZED:
            false
        }
    }

    /// The name in the `.proto` file and in `docs/protocol.md`; the number of an unknown code.
    package var name: String {
        switch self {
        case .unspecified: "ERROR_CODE_UNSPECIFIED"
        case .badRequest: "BAD_REQUEST"
        case .notFound: "NOT_FOUND"
        case .deadline: "DEADLINE"
        case .cancelled: "CANCELLED"
        case .busy: "BUSY"
        case .noWorkers: "NO_WORKERS"
        case .workerLost: "WORKER_LOST"
        case .poison: "POISON"
        case .unauthorized: "UNAUTHORIZED"
        case .unsupported: "UNSUPPORTED"
        case .tooLarge: "TOO_LARGE"
        case .internal: "INTERNAL"
        case .UNRECOGNIZED(let number): "\(number)"
        }
    }
}

extension WireFailed {
    /// A failure whose `retryable` follows from the code.
    package init(_ code: WireErrorCode, _ message: String) {
        self.init()
        self.code = code
        self.message = message
        self.retryable = code.isRetryable
    }
}

extension WireCoverage {
    /// Whether the ledger adds up: ok + skipped + degraded + failed = shards.
    package var isBalanced: Bool {
        UInt64(ok) + UInt64(skipped) + UInt64(degraded) + UInt64(failed) == UInt64(shards)
    }

    /// Whether every shard answered in full or was proved to have nothing.
    package var isComplete: Bool { isBalanced && degraded == 0 && failed == 0 }
}
