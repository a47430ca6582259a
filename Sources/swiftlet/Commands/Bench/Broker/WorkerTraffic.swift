import Synchronization

/// The bytes of the CALLs and REPLYs of all simulated workers; any thread.
final class WorkerTraffic: Sendable {
    /// Bytes of whole messages, routing ids left out.
    struct Bytes: Sendable {
        var received = 0
        var sent = 0
    }

    private let state = Mutex(Bytes())

    var bytes: Bytes { state.withLock { $0 } }

    func add(received: Int, sent: Int) {
        state.withLock {
            $0.received += received
            $0.sent += sent
        }
    }
}
