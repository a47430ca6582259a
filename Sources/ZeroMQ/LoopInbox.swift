internal import Synchronization

/// How commands come into a `SocketLoop`: a bounded queue, for all threads, whose first command wakes the
/// loop's poll. Tasks come by its `LoopExecutor`.
///
/// Commands arrive in the order of `post`. Each `post` that returned true is handled exactly once,
/// also when the loop stops (then before `finish`), unless its context is terminated or the handler
/// could not be made.
package final class LoopInbox<Command: Sendable>: Sendable {
    let wake: WakeDescriptor
    private let queue: LoopQueue<Command>
    private let isAttached = Atomic(false)

    /// An empty inbox of at least one command, for one loop. Throws when no descriptor is left.
    package init(capacity: Int) throws(ZMQError) {
        wake = try WakeDescriptor()
        queue = LoopQueue(capacity: capacity, wake: wake)
    }

    /// The most commands that wait at one time.
    package var capacity: Int { queue.capacity }

    /// Queues `command`; false when the queue is full or the loop has ended, and then nothing was
    /// queued. Never blocks on the loop. Any thread, also before the loop starts.
    ///
    /// - Parameter evenIfFull: for what ends the loop, and is posted a few times at the most.
    package func post(_ command: Command, evenIfFull: Bool = false) -> Bool {
        queue.add(command, evenIfFull: evenIfFull)
    }

    /// Whether its loop has ended, so that no command is taken any more. Any thread.
    package var isClosed: Bool { queue.isClosed }

    /// Whether no command waits.
    var isEmpty: Bool { queue.isEmpty }

    /// Moves all waiting commands into `batch`; see `LoopQueue.take`.
    func take(into batch: inout [Command]) {
        queue.take(into: &batch)
    }

    /// Refuses all later posts.
    func close() {
        queue.close()
    }

    /// Notes that the calling thread is the loop's.
    func begin() {
        queue.begin()
    }

    /// Claims the inbox for a loop; two loops on one inbox would each lose commands.
    func attach() {
        let wasAttached = isAttached.exchange(true, ordering: .relaxed)
        precondition(!wasAttached, "a LoopInbox serves one SocketLoop")
    }
}
