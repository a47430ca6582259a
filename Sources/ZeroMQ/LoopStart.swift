internal import Synchronization

/// Carries the context to a new loop's thread, and the result of making a handler back.
final class LoopStart: Sendable {
    private let context: Mutex<Context?>
    private let failure = Mutex<(any Error)?>(nil)
    private let isDone: WakeDescriptor

    init(context: Context, isDone: WakeDescriptor) {
        self.context = Mutex(context)
        self.isDone = isDone
    }

    /// The context, given away: what the thread's body captured would live until after the loop's
    /// end is told, and a process that ends then takes the messages that linger with it.
    func takeContext() -> Context {
        context.withLock { context in
            guard let taken = context.take() else { preconditionFailure("taken twice") }
            return taken
        }
    }

    func finish(_ error: (any Error)?) {
        failure.withLock { $0 = error }
        isDone.signal()
    }

    func wait() -> (any Error)? {
        isDone.waitUntilSignalled()
        return failure.withLock { $0 }
    }
}
