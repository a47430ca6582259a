internal import CZeroMQ

/// What to wait for at a socket or descriptor, and what has come.
package struct PollEvents: OptionSet, Sendable {
    /// The bits of `zmq_poll`.
    package let rawValue: Int16

    /// Takes the bits of `zmq_poll`.
    package init(rawValue: Int16) {
        self.rawValue = rawValue
    }

    /// A message, or bytes, can be read.
    package static let readable = PollEvents(rawValue: Int16(ZMQ_POLLIN))
    /// A message can be sent: for a DEALER, that a peer is connected.
    package static let writable = PollEvents(rawValue: Int16(ZMQ_POLLOUT))
    /// A descriptor is in an error state.
    package static let failed = PollEvents(rawValue: Int16(ZMQ_POLLERR))
}

extension Socket {
    /// Waits for one of `events` at this socket; whether it came before `timeout` was over. For
    /// tests, tools and threads with a single socket; loops use `SocketLoop`. Blocks the thread.
    package func wait(for events: PollEvents, atMost timeout: Duration) throws(ZMQError) -> Bool {
        let deadline = ContinuousClock.now + timeout
        // Again after a signal, and at least once.
        repeat {
            let left = ContinuousClock.now.duration(to: deadline)
            if try poll(for: events, atMost: left) { return true }
        } while ContinuousClock.now < deadline
        return false
    }

    /// One `zmq_poll`, which a signal ends early. Waits are whole milliseconds, rounded up.
    private func poll(for events: PollEvents, atMost timeout: Duration) throws(ZMQError) -> Bool {
        var item = unsafe zmq_pollitem_t(
            socket: pointer, fd: -1, events: events.rawValue, revents: 0)
        // The item lives for the call, and the socket is open, on its own thread.
        let ready = unsafe zmq_poll(&item, 1, Int(timeout.millisecondsRoundedUp))
        if ready >= 0 { return ready > 0 }
        let code = ErrorCode.last
        if code != .interrupted { throw ZMQError(code, operation: "poll") }
        return false
    }
}
