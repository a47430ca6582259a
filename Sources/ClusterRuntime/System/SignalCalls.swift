import Glibc
package import SystemPackage

/// Signals as data: blocked everywhere, then waited for by one thread (sigwait(3)), so that no
/// code of ours ever runs inside a signal handler.
package enum SignalCalls {
    /// Blocks `signals` in the calling thread and in all threads it starts from now on.
    ///
    /// Call it first thing in `main`, before any other thread exists: a signal goes to any thread
    /// that does not block it, and would end the process there.
    package static func block(_ signals: [Int32]) {
        unsafe withMask(of: signals) { mask in
            // Safe: the mask is read during the call only.
            _ = unsafe pthread_sigmask(SIG_BLOCK, mask, nil)
        }
    }

    /// Blocks the calling thread until one of the blocked `signals` arrives at the process (or
    /// has arrived already), and returns its number.
    package static func wait(for signals: [Int32]) throws(Errno) -> Int32 {
        var arrived: Int32 = 0
        let result = unsafe withMask(of: signals) { mask in
            // Safe: the mask is read, and the number written, during the call only.
            unsafe sigwait(mask, &arrived)
        }
        guard result == 0 else { throw Errno(rawValue: result) }
        return arrived
    }

    private static func withMask<Result>(
        of signals: [Int32], _ body: (UnsafePointer<sigset_t>) -> Result
    ) -> Result {
        var mask = sigset_t()
        // Safe: the pointers are to a local value and are used only during the calls.
        unsafe sigemptyset(&mask)
        for signal in signals { unsafe sigaddset(&mask, signal) }
        return unsafe body(&mask)
    }
}
