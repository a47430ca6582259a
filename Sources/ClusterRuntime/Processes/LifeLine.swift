package import SystemPackage

/// The pipe by which a child notices that its supervisor is gone.
///
/// The supervisor alone holds the write end of the pipe that is its child's standard input, and
/// never writes to it. However the supervisor ends, the kernel closes that end, and the child
/// reads the end of the file. So even `kill -9` of a supervisor leaves no orphans.
package enum LifeLine {
    /// The command-line argument that tells a child that its standard input is such a pipe.
    package static let argument = "--supervised"

    /// Starts a thread that reads `input` to its end and then calls `onEnd`, once.
    ///
    /// Only for a process that was told ``argument``: another one may have a terminal or nothing
    /// at all as its standard input. A failed read counts as the end: a child that cannot watch
    /// its supervisor must not outlive it.
    ///
    /// - Parameters:
    ///   - input: the read end of the pipe; stays open.
    ///   - onEnd: called on the watching thread.
    /// - Throws: `Errno` when the thread cannot be made.
    package static func watch(
        _ input: FileDescriptor = .standardInput, onEnd: @escaping @Sendable () -> Void
    ) throws(Errno) {
        try SystemThread.start(name: "life line") {
            while let bytes = try? FileCalls.read(input, atMostBytes: 256), !bytes.isEmpty {}
            onEnd()
        }
    }
}
