import Dispatch
import Synchronization

/// Counts the calls that are under way, so that an end can wait for them.
final class CallGate: Sendable {
    private struct State {
        var open = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Signalled when the gate is closed and the last call has left.
    private let isEmpty = DispatchSemaphore(value: 0)

    /// Begins a call; false when the gate is closed, and then there is none to leave.
    func enter() -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.open += 1
            return true
        }
    }

    /// Ends a call that was begun.
    func leave() {
        let isLast = state.withLock { state in
            state.open -= 1
            return state.isClosed && state.open == 0
        }
        if isLast { isEmpty.signal() }
    }

    /// Lets no more calls in.
    func close() {
        state.withLock { $0.isClosed = true }
    }

    /// Waits until no call is under way, or for that long; the gate must be closed, and nobody else wait.
    /// Blocks: for a thread of its own.
    func waitUntilEmpty(atMost limit: Duration) {
        guard state.withLock({ $0.open > 0 }) else { return }
        _ = isEmpty.wait(timeout: .now() + limit / .seconds(1))
    }
}
