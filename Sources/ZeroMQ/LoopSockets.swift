internal import Glibc

/// The name of a socket in its loop; never given to another socket of that loop.
package struct SocketHandle: Hashable, Sendable, CustomStringConvertible {
    /// Place in the table of sockets.
    fileprivate let slot: Int
    /// Counts the sockets of the loop, so that a place used again has another handle.
    fileprivate let serial: Int

    /// Whether it comes after another in the order in which a loop's sockets are looked at.
    func stands(behind other: SocketHandle) -> Bool { slot > other.slot }

    /// "socket 3".
    package var description: String { "socket \(serial)" }
}

/// The sockets of one `SocketLoop`: owned by its thread, closed when the loop ends.
package struct LoopSockets: ~Copyable {
    /// A socket cannot be in an array itself, being noncopyable.
    private final class Box {
        let socket: Socket
        let handle: SocketHandle
        let descriptor: Int32
        /// Whether there was no message at the last call, so that the descriptor tells of the next.
        var isSettled = false

        init(_ socket: consuming Socket, handle: SocketHandle) throws(ZMQError) {
            descriptor = try socket.descriptor
            self.socket = socket
            self.handle = handle
        }

        func isReadable() throws(ZMQError) -> Bool {
            let isReadable = try socket.isReadable()
            isSettled = !isReadable
            return isReadable
        }
    }

    private let context: Context
    private var slots: [Box?] = []
    private var socketsOpened = 0
    private var poller = DescriptorPoller()
    /// The sockets of the poller's entries, in its order.
    private var polled: [Box] = []
    private var isPollerCurrent = false
    private var busyPolling = BusyPolling()

    init(context: Context) {
        self.context = context
    }

    /// Opens a socket, lets `configure` set options, bind and connect, and adds it to the poll.
    /// Throws what opening or `configure` throws; then no socket is left open.
    package mutating func open(
        _ kind: SocketKind, configure: (borrowing Socket) throws(ZMQError) -> Void
    ) throws(ZMQError) -> SocketHandle {
        let socket = try Socket(context: context, kind: kind)
        try configure(socket)
        let slot = slots.firstIndex { $0 == nil } ?? slots.count
        socketsOpened += 1
        let handle = SocketHandle(slot: slot, serial: socketsOpened)
        let box = try Box(socket, handle: handle)
        if slot == slots.count { slots.append(box) } else { slots[slot] = box }
        isPollerCurrent = false
        return handle
    }

    /// Closes a socket; a handle that is closed already is ignored.
    package mutating func close(_ handle: SocketHandle) {
        guard box(handle) != nil else { return }
        poller.removeAll()
        polled.removeAll(keepingCapacity: true)
        isPollerCurrent = false
        slots[handle.slot] = nil
    }

    /// Whether the socket is open.
    package func isOpen(_ handle: SocketHandle) -> Bool { box(handle) != nil }

    /// `Socket.send`; throws `notASocket` if the socket was closed.
    package func send(
        _ frames: [Frame], to route: Frame? = nil, on handle: SocketHandle
    ) throws(ZMQError) -> SendOutcome {
        let box = try open(handle, for: "send")
        box.isSettled = false
        return try box.socket.send(frames, to: route)
    }

    /// Lends the socket to `body`, for options, bind, connect and their opposites. Throws
    /// `notASocket` if it was closed, and what `body` throws.
    package func withSocket<Result>(
        _ handle: SocketHandle, _ body: (borrowing Socket) throws(ZMQError) -> Result
    ) throws(ZMQError) -> Result {
        let box = try open(handle, for: "use")
        box.isSettled = false
        return try body(box.socket)
    }

    /// The next message of the socket; nil when there is none or the socket was closed.
    func receive(on handle: SocketHandle) throws(ZMQError) -> [Frame]? {
        guard let box = box(handle) else { return nil }
        let frames = try box.socket.receive()
        box.isSettled = frames == nil
        return frames
    }

    /// Waits for a message at any socket or for `wake`. Fills `ready` with the sockets that have
    /// one, in the order of their slots.
    ///
    /// Waits for the sockets' descriptors instead of `zmq_poll`, which makes some three system calls
    /// for each socket each time; here a socket that nobody has used since it was empty costs none.
    ///
    /// - Returns: whether `wake` was signalled.
    mutating func wait(
        for wake: WakeDescriptor, atMost timeout: Duration, busyPoll: BusyPoll?,
        ready: inout [SocketHandle]
    ) throws(ZMQError) -> Bool {
        if !isPollerCurrent { rebuildPoller(wake: wake) }
        ready.removeAll(keepingCapacity: true)
        var isAnyReady = false
        for box in polled where !box.isSettled {
            if try box.isReadable() { isAnyReady = true }
        }
        if let busyPoll { busyPolling.begin(busyPoll, at: .now) }
        if isAnyReady {
            try poller.wait(atMost: .zero)
        } else {
            var left = timeout
            if try !lookAgain(&left) { try poller.wait(atMost: left) }
        }
        if busyPolling.isWaiting { busyPolling.inputCame(at: .now) }
        // Entry 0 is the wake descriptor.
        for (index, box) in polled.enumerated() {
            if box.isSettled {
                guard poller.isReadable(at: index + 1), try box.isReadable() else { continue }
            }
            ready.append(box.handle)
        }
        return poller.isReadable(at: 0)
    }

    /// Looks for input again and again where that pays; whether some has come. Threads that wait for the
    /// processor run in between.
    ///
    /// - Parameter left: How much of the wait's time is left; at the end, of what it was before.
    private mutating func lookAgain(_ left: inout Duration) throws(ZMQError) -> Bool {
        guard busyPolling.isWaiting else { return false }
        let start = ContinuousClock.now
        defer { left = max(.zero, left - start.duration(to: .now)) }
        var now = start
        while busyPolling.isAwake(at: now), now < start + left {
            if try poller.wait(atMost: .zero) { return true }
            sched_yield()
            let before = now
            now = ContinuousClock.now
            busyPolling.yielded(for: before.duration(to: now), at: now)
        }
        return false
    }

    private mutating func rebuildPoller(wake: WakeDescriptor) {
        poller.removeAll()
        polled.removeAll(keepingCapacity: true)
        poller.add(wake.descriptor)
        for case let box? in slots {
            poller.add(box.descriptor)
            polled.append(box)
        }
        isPollerCurrent = true
    }

    private func box(_ handle: SocketHandle) -> Box? {
        guard slots.indices.contains(handle.slot), let box = slots[handle.slot],
            box.handle == handle
        else { return nil }
        return box
    }

    private func open(_ handle: SocketHandle, for operation: String) throws(ZMQError) -> Box {
        guard let box = box(handle) else {
            throw ZMQError(.notASocket, operation: "\(operation) \(handle)")
        }
        return box
    }
}
