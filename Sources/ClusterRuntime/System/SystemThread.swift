import SearchIndex
package import SystemPackage

/// Threads of our own, for calls that block: they must never run in Swift's cooperative pool.
package enum SystemThread {
    /// Runs `body` on a new thread, which ends when `body` returns.
    ///
    /// The thread inherits the signal mask of the caller and is never joined.
    ///
    /// - Parameters:
    ///   - name: shown by `ps -L` and `top -H`; cut to 15 bytes, the kernel's limit.
    ///   - body: what to run; released when it has returned.
    /// - Throws: the error of `pthread_create`, such as "resource temporarily unavailable" when
    ///   the limit of threads is reached; `body` has not run then.
    package static func start(
        name: String, _ body: @escaping @Sendable () -> Void
    ) throws(Errno) {
        let result = RawThread.start(name: name, body)
        guard result == 0 else { throw Errno(rawValue: result) }
    }

    /// Runs `body`, which may block, on a new thread and waits for its result without blocking
    /// the caller's thread.
    ///
    /// - Throws: what `body` throws, or the `Errno` of ``start(name:_:)``.
    package static func result<Value: Sendable>(
        name: String, of body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Value, any Error>) in
            do throws(Errno) {
                try start(name: name) { continuation.resume(with: Result { try body() }) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
