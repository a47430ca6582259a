import Glibc
import Synchronization
package import SystemPackage

/// Signals as bytes in a pipe: the handler only writes the signal's number, which is
/// async-signal-safe (signal-safety(7)); everything else happens on a thread that reads the pipe.
///
/// Blocking the signals in every thread and waiting with sigwait(3) would need no handler, but does
/// not hold here: threads that libraries start, and the main thread in `dispatch_main`, have an
/// empty mask, and a signal that one of them takes ends the process
/// (docs/decisions/0008-signals-through-a-pipe.md).
package enum SignalCalls {
    /// The write end of the pipe; -1 before the first `deliver`.
    private static let writeEnd = Atomic<Int32>(-1)

    /// From now on each of `signals` is a byte with its number, to be read from the descriptor that
    /// is returned. Call at most once in a process. The descriptor stays open for its life.
    ///
    /// When more signals arrive than the pipe holds, the excess is lost; those that are there ask
    /// for the same.
    ///
    /// - Throws: `Errno` when no pipe can be made or a signal cannot be handled.
    package static func deliver(_ signals: [Int32]) throws(Errno) -> FileDescriptor {
        let ends = try FileDescriptor.pipe(options: [.closeOnExec])
        // A handler must not wait for room.
        guard fcntl(ends.writeEnd.rawValue, F_SETFL, O_NONBLOCK) == 0 else {
            throw Errno(rawValue: errno)
        }
        writeEnd.store(ends.writeEnd.rawValue, ordering: .sequentiallyConsistent)
        for signal in signals { try handle(signal) }
        return ends.readEnd
    }

    /// Lets `signals` arrive at the calling thread, so that they arrive at all in a process that was
    /// started with them blocked.
    package static func unblock(_ signals: [Int32]) {
        var mask = sigset_t()
        // Safe: the pointers are to a local value and are used only during the calls.
        unsafe sigemptyset(&mask)
        for signal in signals { unsafe sigaddset(&mask, signal) }
        _ = unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    }

    /// A write to a closed pipe or socket is an error from now on, not the end of the process.
    package static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    private static func handle(_ signal: Int32) throws(Errno) {
        var action = sigaction()
        // Safe: the handler is a C function without context that only loads an atomic and writes.
        unsafe action.__sigaction_handler.sa_handler = { number in
            let saved = errno
            var byte = UInt8(truncatingIfNeeded: number)
            let file = SignalCalls.writeEnd.load(ordering: .relaxed)
            // Safe: one byte of a local is read during the call.
            _ = unsafe write(file, &byte, 1)
            errno = saved
        }
        action.sa_flags = SA_RESTART
        // Safe: the action is read during the call only.
        guard unsafe sigaction(signal, &action, nil) == 0 else { throw Errno(rawValue: errno) }
    }
}
