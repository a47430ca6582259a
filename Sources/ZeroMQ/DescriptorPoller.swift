internal import Glibc

/// A list of file descriptors to wait for together: poll(2).
///
/// Does not own what it lists: whoever closes a descriptor removes it first.
struct DescriptorPoller {
    private var items: [pollfd] = []

    /// Adds an open descriptor, after the entries that are there.
    mutating func add(_ descriptor: Int32) {
        items.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
    }

    /// Forgets all entries.
    mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
    }

    /// Waits until an entry is readable or the time is over; whether one is. A signal ends the wait early.
    /// Waits are whole milliseconds, rounded up.
    @discardableResult
    mutating func wait(atMost timeout: Duration) throws(ZMQError) -> Bool {
        let milliseconds = timeout.millisecondsRoundedUp
        // The entries live for the call; the kernel writes only the revents of as many as there are.
        let ready = unsafe items.withUnsafeMutableBufferPointer {
            unsafe poll($0.baseAddress, nfds_t($0.count), milliseconds)
        }
        guard ready < 0 else { return ready > 0 }
        let code = ErrorCode.lastOfSystem
        if code != .interrupted { throw ZMQError(code, operation: "poll") }
        for index in items.indices { items[index].revents = 0 }
        return false
    }

    /// Whether the last `wait` found the entry at `index` readable, or in an error state.
    func isReadable(at index: Int) -> Bool { items[index].revents != 0 }
}
