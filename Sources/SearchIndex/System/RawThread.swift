import Glibc

/// The one place that starts threads: for work that blocks or takes long.
package enum RawThread {
    /// Runs `body` on a new thread, which ends when `body` returns and is never joined.
    ///
    /// The thread inherits the signal mask of the caller.
    ///
    /// - Parameters:
    ///   - name: Shown by `ps -L` and `top -H`; cut to 15 bytes, the kernel's limit.
    ///   - body: What to run; released when it has returned.
    /// - Returns: 0, or the error number of `pthread_create`, such as EAGAIN when the limit of
    ///   threads is reached; then `body` has not run.
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Int32 {
        // Safe: the one reference made here is taken back exactly once, below.
        let context = unsafe Unmanaged.passRetained(Context(name: name, body: body))
        var thread = pthread_t()
        // Safe: the closure takes back exactly the one reference passed as its context.
        let result = unsafe pthread_create(
            &thread, nil,
            { raw in
                guard let raw = unsafe raw else { return nil }
                // Safe: the one reference made here is taken back exactly once, here.
                let context = unsafe Unmanaged<Context>.fromOpaque(raw).takeRetainedValue()
                RawThread.nameThisThread(context.name)
                context.body()
                return nil
            }, context.toOpaque())
        guard result == 0 else {
            // Safe: no thread was made, so the reference is still ours to give back.
            unsafe context.release()
            return result
        }
        pthread_detach(thread)
        return 0
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
        guard var file = try? FileWriter(path: "/proc/thread-self/comm", mustCreate: false)
        else { return }
        try? file.write(Array(name.utf8.prefix(15)))
        try? file.finish()
    }
}
