internal import CZeroMQ
internal import Glibc

/// An eventfd: any thread signals it, a poll sees it. Closed when the object goes.
final class WakeDescriptor: Sendable {
    /// For a `DescriptorPoller`; open as long as the object lives.
    let descriptor: Int32

    /// Throws `tooManyOpen` when there are no descriptors left.
    init() throws(ZMQError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else {
            throw ZMQError(.lastOfSystem, operation: "make an event descriptor")
        }
    }

    deinit {
        close(descriptor)
    }

    /// Makes the descriptor readable. The counter cannot overflow in practice (2^64 - 2), and if it
    /// could, it would be readable already.
    func signal() {
        _ = eventfd_write(descriptor, 1)
    }

    /// Makes it unreadable until the next signal.
    func reset() {
        var value: eventfd_t = 0
        // Writes the counter into the local variable.
        _ = unsafe eventfd_read(descriptor, &value)
    }

    /// Blocks the calling thread until the descriptor is readable.
    func waitUntilSignalled() {
        var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // One item, which lives for the call; a signal makes it start again.
        while unsafe poll(&item, 1, -1) < 1 {}
    }
}
