internal import Glibc

/// Starts dedicated threads: detached, named, and without signals, so that those of the process go
/// to its main thread.
enum LoopThread {
    /// Room for the deepest query tree several times over.
    private static let stackBytes = 4 << 20

    /// What the new thread owns.
    private final class Work: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Runs `body` on a new thread called `name` (its first 15 bytes). Throws when the system
    /// gives no more threads.
    static func start(name: String, body: @escaping @Sendable () -> Void) throws(ZMQError) {
        // The new thread takes over the reference that passRetained makes.
        let work = unsafe Unmanaged.passRetained(Work(name: name, body: body))
        let status = withSignalsBlocked {
            unsafe create(argument: work.toOpaque())
        }
        guard status == 0 else {
            // No thread was made, so the reference is still ours.
            unsafe work.release()
            throw ZMQError(
                ErrorCode(rawValue: status), operation: "start the thread \(name)",
                detail: "raise the limit of threads (ulimit -u)")
        }
    }

    private static func create(argument: UnsafeMutableRawPointer) -> Int32 {
        // The attributes and the thread number are locals that live for the calls.
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { _ = unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, stackBytes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        return unsafe pthread_create(&thread, &attributes, threadMain, argument)
    }

    /// The first function of every thread; `argument` is the reference that `start` made.
    private static let threadMain:
        @convention(c) (UnsafeMutableRawPointer?) ->
            UnsafeMutableRawPointer? = { argument in
                guard let argument = unsafe argument else { return nil }
                let work = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                nameThisThread(work.name)
                work.body()
                return nil
            }

    /// Linux allows 15 bytes; cut between characters. A name is a help only: failing is no matter.
    private static func nameThisThread(_ name: String) {
        var short = name
        while short.utf8.count > 15 { short.removeLast() }
        // pthread_setname_np is not imported into Swift; this file is what it writes.
        let file = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        let bytes = Array(short.utf8)
        // The bytes live for the call.
        _ = unsafe bytes.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
    }

    /// Runs `body` with all signals blocked but those that a fault raises in its own thread; a
    /// thread made meanwhile inherits that.
    private static func withSignalsBlocked(_ body: () -> Int32) -> Int32 {
        var blocked = sigset_t()
        var before = sigset_t()
        // Both sets are locals that live for the calls.
        unsafe sigfillset(&blocked)
        for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS] {
            unsafe sigdelset(&blocked, fault)
        }
        unsafe pthread_sigmask(SIG_SETMASK, &blocked, &before)
        defer { _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        return body()
    }
}
