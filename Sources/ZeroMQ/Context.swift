internal import CZeroMQ

/// The library's context: its I/O threads and the namespace of `inproc://` endpoints.
///
/// One per process is enough; tests and embedded clusters may have several. Every `Socket` keeps
/// its context alive, so the context is freed after its last socket, and freeing it cannot wait
/// for a socket that somebody still holds. Safe from every thread. A process with a context must
/// not fork (libzmq aborts in the child); spawning another program is fine, since every descriptor
/// closes there.
@safe
package final class Context: @unchecked Sendable {
    // Unchecked: the pointer never changes, and libzmq documents contexts as thread-safe.
    let pointer: UnsafeMutableRawPointer

    /// Makes a context with `ioThreads` I/O threads (one carries about a gigabyte a second) and
    /// room for `maxSockets` sockets. Throws when the system has no memory or descriptors left.
    package init(ioThreads: Int = 1, maxSockets: Int = 4096) throws(ZMQError) {
        // zmq_ctx_new returns null or a context that this object alone frees, in deinit.
        guard let pointer = unsafe zmq_ctx_new() else {
            throw ZMQError(.last, operation: "make a context")
        }
        unsafe self.pointer = pointer
        try set(ZMQ_IO_THREADS, to: ioThreads, name: "the number of I/O threads")
        try set(ZMQ_MAX_SOCKETS, to: maxSockets, name: "the number of sockets")
    }

    deinit {
        // No socket is left (each holds a reference), so this waits at most for messages that
        // linger, which `SocketOption.linger` bounds. Interrupted calls are repeated.
        while unsafe zmq_ctx_term(pointer) != 0, ErrorCode.last == .interrupted {}
    }

    /// Ends all work: every later operation on a socket of this context, and every poll that waits
    /// now, fails with `contextTerminated`; socket loops end. Never blocks, may be called from any
    /// thread and more than once. Memory and threads go with the last socket.
    package func terminate() {
        // The pointer is valid until deinit; shutdown is thread-safe and may be repeated.
        _ = unsafe zmq_ctx_shutdown(pointer)
    }

    private func set(_ option: Int32, to value: Int, name: String) throws(ZMQError) {
        // Plain integers to a context that no other thread has yet.
        guard let value = Int32(exactly: value), value > 0,
            unsafe zmq_ctx_set(pointer, option, value) == 0
        else {
            throw ZMQError(
                .invalidArgument, operation: "set \(name)", detail: "it must be 1 or more")
        }
    }
}
