internal import Synchronization

/// The only way into a `SocketLoop` from other threads: a bounded queue whose first command wakes
/// the loop's poll; a burst of commands costs one wake.
///
/// Commands arrive in the order of `post`. Each `post` that returned true is handled exactly once,
/// also when the loop stops (then before `finish`), unless its context is terminated or the handler
/// could not be made.
package final class LoopInbox<Command: Sendable>: Sendable {
    private struct State {
        var commands: [Command] = []
        var isWakeSent = false
        var isClosed = false
        var isAttached = false
        var thread = ThreadMark()
    }

    /// The most commands that wait at one time.
    package let capacity: Int

    let wake: WakeDescriptor
    private let state = Mutex(State())

    /// An empty inbox of at least one command, for one loop. Throws when no descriptor is left.
    package init(capacity: Int) throws(ZMQError) {
        precondition(capacity > 0, "an inbox needs room, not \(capacity)")
        self.capacity = capacity
        wake = try WakeDescriptor()
    }

    /// Queues `command`; false when the queue is full or the loop has ended, and then nothing was
    /// queued. Never blocks on the loop. Any thread, also before the loop starts.
    package func post(_ command: Command) -> Bool {
        let (isQueued, needsWake) = state.withLock { state in
            guard !state.isClosed, state.commands.count < capacity else { return (false, false) }
            state.commands.append(command)
            // The loop looks for commands of its own thread before it waits.
            if state.isWakeSent || state.thread.isCurrent { return (true, false) }
            state.isWakeSent = true
            return (true, true)
        }
        if needsWake { wake.signal() }
        return isQueued
    }

    /// Whether its loop has ended, so that no command is taken any more. Any thread.
    package var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Whether no command waits.
    var isEmpty: Bool { state.withLock { $0.commands.isEmpty } }

    /// Moves all waiting commands into `batch`, which must be empty and lends its storage to the
    /// next posts. On the loop's thread, after `wake` was reset if it was signalled: a post in between has
    /// its command taken now, and one after sends a new wake. At worst one wake finds nothing.
    func take(into batch: inout [Command]) {
        state.withLock { state in
            swap(&state.commands, &batch)
            state.isWakeSent = false
        }
    }

    /// Refuses all later posts.
    func close() {
        state.withLock { $0.isClosed = true }
    }

    /// Notes which thread the loop is.
    func begin() {
        state.withLock { $0.thread.set() }
    }

    /// Claims the inbox for a loop; two loops on one inbox would each lose commands.
    func attach() {
        let wasAttached = state.withLock { state in
            defer { state.isAttached = true }
            return state.isAttached
        }
        precondition(!wasAttached, "a LoopInbox serves one SocketLoop")
    }
}
