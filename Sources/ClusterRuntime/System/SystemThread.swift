import Glibc
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
        // Safe: the one reference made here is taken back exactly once, below.
        let context = unsafe Unmanaged.passRetained(Context(name: name, body: body))
        var thread = pthread_t()
        // Safe: the closure takes back exactly the one reference passed as its context.
        let result = unsafe pthread_create(
            &thread, nil,
            { raw in
                guard let raw = unsafe raw else { return nil }
                // Safe: the one reference made here is taken back exactly once, below.
                let context = unsafe Unmanaged<Context>.fromOpaque(raw).takeRetainedValue()
                SystemThread.nameThisThread(context.name)
                context.body()
                return nil
            }, context.toOpaque())
        guard result == 0 else {
            // Safe: no thread was made, so the reference is still ours to give back.
            unsafe context.release()
            throw Errno(rawValue: result)
        }
        pthread_detach(thread)
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

    private final class Context: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Names the calling thread. A failure costs only the name.
    private static func nameThisThread(_ name: String) {
        guard
            let file = try? FileDescriptor.open(
                FilePath("/proc/thread-self/comm"), .writeOnly, options: [.closeOnExec])
        else { return }
        _ = try? file.closeAfter { try FileCalls.write(Array(name.utf8.prefix(15)), to: file) }
    }
}
