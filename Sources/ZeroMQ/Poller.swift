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

/// A list of sockets and file descriptors to wait for together: `zmq_poll`, which is
/// level-triggered, unlike the edge-triggered descriptor of a socket (pitfall 15).
///
/// Belongs to the thread of its sockets. Does not own what it lists: whoever closes a socket or
/// descriptor removes it first (`removeAll`), as `LoopSockets` does.
@safe
struct Poller {
    private var items: [zmq_pollitem_t] = unsafe []

    /// Adds a socket that outlives the entry, after the entries that are there.
    mutating func add(_ socket: borrowing Socket, for events: PollEvents) {
        // The pointer is only stored here; `wait` is where it must be valid.
        unsafe items.append(
            zmq_pollitem_t(socket: socket.pointer, fd: -1, events: events.rawValue, revents: 0))
    }

    /// Adds an open descriptor that outlives the entry.
    mutating func add(fileDescriptor: Int32, for events: PollEvents) {
        unsafe items.append(
            zmq_pollitem_t(
                socket: nil, fd: fileDescriptor, events: events.rawValue, revents: 0))
    }

    /// Forgets all entries.
    mutating func removeAll() {
        unsafe items.removeAll(keepingCapacity: true)
    }

    /// Waits until an entry is ready or the time is over; the number of ready entries. A signal
    /// ends the wait early with 0. Waits are whole milliseconds, rounded up. Throws
    /// `contextTerminated`.
    mutating func wait(atMost timeout: Duration) throws(ZMQError) -> Int {
        let milliseconds = Int(timeout.millisecondsRoundedUp)
        // Entries are removed before what they point to closes, so every pointer is valid; libzmq
        // writes only the revents of the given number of items.
        let ready = unsafe items.withUnsafeMutableBufferPointer {
            unsafe zmq_poll($0.baseAddress, Int32($0.count), milliseconds)
        }
        if ready >= 0 { return Int(ready) }
        let code = ErrorCode.last
        if code != .interrupted { throw ZMQError(code, operation: "poll") }
        for index in unsafe items.indices { unsafe items[index].revents = 0 }
        return 0
    }

    /// What the last `wait` found for the entry at `index`.
    func events(at index: Int) -> PollEvents {
        unsafe PollEvents(rawValue: items[index].revents)
    }
}

extension Socket {
    /// Waits for one of `events` at this socket; whether it came before `timeout` was over. For
    /// tests, tools and threads with a single socket; loops use `SocketLoop`. Blocks the thread.
    package func wait(for events: PollEvents, atMost timeout: Duration) throws(ZMQError) -> Bool {
        var poller = Poller()
        poller.add(self, for: events)
        let deadline = ContinuousClock.now + timeout
        // Again after a signal, and at least once.
        repeat {
            let left = ContinuousClock.now.duration(to: deadline)
            if try poller.wait(atMost: left) > 0 { return true }
        } while ContinuousClock.now < deadline
        return false
    }
}
