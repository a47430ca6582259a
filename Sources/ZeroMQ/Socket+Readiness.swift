internal import CZeroMQ

// What a loop needs to wait for sockets by their descriptors.
extension Socket {
    /// The descriptor that becomes readable when something happens at the socket.
    ///
    /// Edge-triggered (pitfall 15): every call of the socket may take the sign away, whatever it was
    /// for. So before a wait `isReadable` must have said no, or `receive` nil, and no other call
    /// have followed.
    var descriptor: Int32 {
        get throws(ZMQError) { try number(of: ZMQ_FD, name: "the descriptor") }
    }

    /// Whether `receive` would give a message now; does the socket's background work. Throws
    /// `contextTerminated`.
    func isReadable() throws(ZMQError) -> Bool {
        try number(of: ZMQ_EVENTS, name: "the events") & ZMQ_POLLIN != 0
    }

    private func number(of option: Int32, name: String) throws(ZMQError) -> Int32 {
        var value: Int32 = 0
        var size = MemoryLayout<Int32>.size
        repeat {
            // libzmq writes one C int into the local variable; the socket is open, on its own thread.
            if unsafe zmq_getsockopt(pointer, option, &value, &size) == 0 { return value }
        } while ErrorCode.last == .interrupted
        throw ZMQError(.last, operation: "read \(name)")
    }
}
