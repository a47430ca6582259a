internal import CZeroMQ
internal import Synchronization

/// Unbinds an endpoint and waits until the I/O thread has really let go of it.
///
/// `zmq_unbind` only asks the I/O thread, so that a bind right after it finds the endpoint in use. The
/// socket's monitor tells when the listener is closed. The monitor lives only
/// within this call: one that nobody reads blocks the I/O thread (pitfall 13).
enum EndpointRelease {
    /// Longest wait; the I/O thread needs microseconds unless the machine is overloaded.
    private static let patience = Duration.seconds(1)
    private static let count = Atomic<UInt64>(0)

    /// Unbinds; whether the I/O thread let go in time. Throws `notFound` if the socket is not bound
    /// there, and `contextTerminated`.
    /// `socket` must be open, of `context`, and of the calling thread.
    @unsafe
    static func unbind(
        _ endpoint: String, socket: UnsafeMutableRawPointer, context: Context
    ) throws(ZMQError) -> Bool {
        let number = count.add(1, ordering: .relaxed).newValue
        let name = "inproc://swiftlet.release.\(number)"
        let mask = ZMQ_EVENT_CLOSED | ZMQ_EVENT_CLOSE_FAILED
        let events = try Socket(context: context, kind: .pair)
        // The caller vouches for the socket; the strings live for the calls.
        guard unsafe zmq_socket_monitor(socket, name, mask) == 0 else {
            throw ZMQError(.last, operation: "watch", endpoint: endpoint)
        }
        defer { _ = unsafe zmq_socket_monitor(socket, nil, 0) }
        try events.connect(name)
        guard unsafe zmq_unbind(socket, endpoint) == 0 else {
            throw ZMQError(.last, operation: "unbind", endpoint: endpoint)
        }
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            guard
                try events.wait(for: .readable, atMost: ContinuousClock.now.duration(to: deadline))
            else { return false }
            // An event is two frames, number with value, then the endpoint it happened at.
            guard let event = try events.receive() else { continue }
            if event.last.map({ String(decoding: $0, as: UTF8.self) }) == endpoint { return true }
        }
        return false
    }
}
