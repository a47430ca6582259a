import Glibc

/// A value that threads share, and on whose changes they wait (C. A. R. Hoare, "Monitors: an
/// operating system structuring concept", 1974).
///
/// Every change wakes all who wait; each looks again whether it may go on.
//
// Unchecked: `state` is touched only by whoever holds `mutex`.
@safe final class Monitor<State: Sendable>: @unchecked Sendable {
    private var state: State
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init(_ state: State) {
        self.state = state
        // Both are initialised here, never moved, and destroyed only with the monitor.
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition.initialize(to: pthread_cond_t())
        _ = unsafe pthread_mutex_init(mutex, nil)
        _ = unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        // Nobody holds or waits any more: whoever did would hold a reference.
        _ = unsafe pthread_cond_destroy(condition)
        _ = unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Calls `body` with the value, alone, and wakes all who wait. Must not be nested.
    func update<Result>(_ body: (inout State) -> Result) -> Result {
        // The pointers are valid as long as the monitor; the lock is given back below.
        _ = unsafe pthread_mutex_lock(mutex)
        defer {
            _ = unsafe pthread_cond_broadcast(condition)
            _ = unsafe pthread_mutex_unlock(mutex)
        }
        return body(&state)
    }

    /// Calls `body` with the value, alone, again after every change, until it gives a result.
    func wait<Result>(_ body: (inout State) -> Result?) -> Result {
        _ = unsafe pthread_mutex_lock(mutex)
        defer {
            _ = unsafe pthread_cond_broadcast(condition)
            _ = unsafe pthread_mutex_unlock(mutex)
        }
        while true {
            if let result = body(&state) { return result }
            // Gives the lock back while it waits, and has it again when it returns.
            _ = unsafe pthread_cond_wait(condition, mutex)
        }
    }
}
