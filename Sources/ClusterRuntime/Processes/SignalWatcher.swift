import Glibc
package import SystemPackage

/// Turns the signals that ask a process to end into calls of a closure.
///
/// Two steps, since signals must be blocked before the first other thread exists:
/// ```swift
/// SignalWatcher.blockSignals()                   // first line of the command
/// try SignalWatcher.start { signal in … }        // whenever the closure can be served
/// ```
/// What arrives in between waits in the kernel and is delivered at `start`.
package enum SignalWatcher {
    /// SIGTERM (drain) and SIGINT (Ctrl-C: the same).
    package static let watched: [Int32] = [SIGTERM, SIGINT]

    /// Blocks the watched signals, and SIGPIPE, so that writing to a closed pipe is an error
    /// rather than the end of the process. Call before any other thread is started.
    ///
    /// SIGHUP keeps its default, which ends the process when its terminal closes, unless it has
    /// a session of its own.
    package static func blockSignals() {
        SignalCalls.block(watched + [SIGPIPE])
    }

    /// Starts a thread, which lives as long as the process, that calls `handler` for every
    /// arriving signal. Call at most once per process: two readers would share the signals.
    ///
    /// - Parameter handler: gets the signal's number on that thread; it should only pass it on.
    /// - Throws: `Errno` when the thread cannot be made.
    package static func start(_ handler: @escaping @Sendable (Int32) -> Void) throws(Errno) {
        try SystemThread.start(name: "signals") {
            while let signal = try? SignalCalls.wait(for: watched) { handler(signal) }
        }
    }
}
