/// A dedicated thread that owns sockets and runs a `SocketLoopHandler` on them.
///
/// The thread runs until the handler returns `.stop` or the context is terminated, whether or not
/// anyone keeps this object. To stop it from outside, post a command that makes the handler stop.
/// The object may be used from every thread.
package final class SocketLoop<Handler: SocketLoopHandler>: Sendable {
    /// Commands for the handler. Safe from every thread.
    package let inbox: LoopInbox<Handler.Command>

    /// For tasks that are to run on the loop's thread. Safe from every thread.
    package let executor: LoopExecutor

    private let exit: LoopExit

    private init(inbox: LoopInbox<Handler.Command>, exit: LoopExit) {
        self.inbox = inbox
        self.exit = exit
        executor = LoopExecutor(wake: inbox.wake)
    }

    /// Starts the thread with a new inbox; see the other `start`.
    package static func start(
        name: String, context: Context, inboxCapacity: Int,
        makeHandler: @escaping @Sendable (inout LoopSockets) throws -> Handler
    ) throws -> SocketLoop {
        try start(
            name: name, context: context, inbox: LoopInbox(capacity: inboxCapacity),
            makeHandler: makeHandler)
    }

    /// Starts the thread `name` (its first 15 bytes show in `top -H`), runs `makeHandler` on it,
    /// and returns when that has returned, or throws what it threw; then the thread has ended and
    /// its sockets are closed. Blocks the caller meanwhile. `inbox` must not have had a loop.
    package static func start(
        name: String, context: Context, inbox: LoopInbox<Handler.Command>,
        makeHandler: @escaping @Sendable (inout LoopSockets) throws -> Handler
    ) throws -> SocketLoop {
        let loop = SocketLoop(inbox: inbox, exit: try LoopExit())
        let started = LoopStart(context: context, isDone: try WakeDescriptor())
        inbox.attach()
        do {
            try LoopThread.start(name: name) {
                loop.exit.begin()
                loop.run(started, makeHandler)
                loop.exit.end()
            }
        } catch {
            inbox.close()
            throw error
        }
        if let failure = started.wait() {
            loop.exit.wait()
            throw failure
        }
        return loop
    }

    /// Runs `body` once when the loop has ended and its sockets are closed, on the loop's thread;
    /// at once, on the calling thread, if it has ended before. `body` must not block.
    ///
    /// If the loop was the last to hold its context, messages that linger have left by then.
    package func onExit(_ body: @escaping @Sendable () -> Void) {
        exit.whenEnded(body)
    }

    /// Blocks the calling thread until the loop has ended. Never call it from an actor or any other
    /// code on the cooperative pool, nor from the loop itself, which traps; those use `onExit`.
    package func join() {
        exit.wait()
    }

    /// Runs until the handler or the context ends it. When this returns the context is released.
    private func run(
        _ started: LoopStart, _ makeHandler: (inout LoopSockets) throws -> Handler
    ) {
        inbox.begin()
        executor.begin()
        defer {
            inbox.close()
            executor.close()
        }
        var sockets = LoopSockets(context: started.takeContext())
        let handler: Handler
        do {
            handler = try makeHandler(&sockets)
        } catch {
            return started.finish(error)
        }
        started.finish(nil)
        var body = LoopBody(handler: handler, inbox: inbox, executor: executor)
        body.run(&sockets)
    }
}
