internal import Synchronization

/// The end of a loop, for those who wait for it.
final class LoopExit: Sendable {
    private struct State {
        var hasEnded = false
        var bodies: [@Sendable () -> Void] = []
        var thread = ThreadMark()
    }

    private let state = Mutex(State())
    /// Signalled once, never reset, so that every waiter sees it.
    private let ended: WakeDescriptor

    init() throws(ZMQError) {
        ended = try WakeDescriptor()
    }

    /// Runs `body` at the end, on the loop's thread; at once, on this one, if that has been.
    func whenEnded(_ body: @escaping @Sendable () -> Void) {
        let hasEnded = state.withLock { state in
            if !state.hasEnded { state.bodies.append(body) }
            return state.hasEnded
        }
        if hasEnded { body() }
    }

    /// Notes which thread the loop is.
    func begin() {
        state.withLock { $0.thread.set() }
    }

    /// Marks the end, runs what waits for it, lets `wait` return.
    func end() {
        let bodies = state.withLock { state in
            defer { state.bodies = [] }
            state.hasEnded = true
            return state.bodies
        }
        for body in bodies { body() }
        ended.signal()
    }

    /// Blocks until `end` has run. Not on the loop's own thread, which would wait for itself.
    func wait() {
        let isOwnThread = state.withLock { !$0.hasEnded && $0.thread.isCurrent }
        precondition(!isOwnThread, "a loop cannot wait for its own end")
        ended.waitUntilSignalled()
    }
}
