internal import Synchronization

/// Carries the result of making a handler to the thread that waits for it.
final class LoopStart: Sendable {
    private let failure = Mutex<(any Error)?>(nil)
    private let isDone: WakeDescriptor

    init(isDone: WakeDescriptor) {
        self.isDone = isDone
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
