import Glibc
package import SystemPackage

/// Turns the signals that ask a process to end into calls of a closure.
package enum SignalWatcher {
    /// SIGTERM (drain) and SIGINT (Ctrl-C: the same).
    package static let watched: [Int32] = [SIGTERM, SIGINT]

    /// Takes over the watched signals, and starts a thread, which lives as long as the process, that
    /// calls `handler` for every one that arrives. Also makes a write to a closed pipe an error
    /// rather than the end of the process. Call at most once in a process.
    ///
    /// SIGHUP keeps its default, which ends the process when its terminal closes, unless it has a
    /// session of its own.
    ///
    /// - Parameter handler: gets the signal's number on that thread; it should only pass it on.
    /// - Throws: `Errno` when the pipe or the thread cannot be made.
    package static func start(_ handler: @escaping @Sendable (Int32) -> Void) throws(Errno) {
        SignalCalls.ignoreBrokenPipes()
        let arrivals = try SignalCalls.deliver(watched)
        try SystemThread.start(name: "signals") {
            SignalCalls.unblock(watched)
            while let bytes = try? FileCalls.read(arrivals, atMostBytes: 16), !bytes.isEmpty {
                for number in bytes { handler(Int32(number)) }
            }
        }
    }
}
