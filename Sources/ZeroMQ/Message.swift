internal import CZeroMQ

/// One frame inside libzmq: owned by exactly one place, freed when it goes.
///
/// Frames of up to 33 bytes live inside the value; longer ones in one allocation. The library moves
/// `zmq_msg_t` by value itself, so moving this struct is sound; its bytes have no stable address
/// and therefore leave it only as copies.
@safe
struct Message: ~Copyable {
    private var raw: zmq_msg_t

    /// An empty frame, ready to receive into.
    init() {
        raw = zmq_msg_t()
        // Initialises memory that we own; cannot fail.
        _ = unsafe zmq_msg_init(&raw)
    }

    /// A frame with a copy of `bytes`.
    init(copying bytes: Frame) throws(ZMQError) {
        raw = zmq_msg_t()
        // zmq_msg_init_size allocates exactly bytes.count bytes, which the copy then fills; with
        // no bytes there is no address to copy from.
        guard unsafe zmq_msg_init_size(&raw, bytes.count) == 0 else {
            _ = unsafe zmq_msg_init(&raw)
            throw ZMQError(.last, operation: "allocate a frame of \(bytes.count) bytes")
        }
        guard !bytes.isEmpty, let target = unsafe zmq_msg_data(&raw) else { return }
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe target.copyMemory(from: start, byteCount: source.count)
        }
    }

    deinit {
        // The local copy is the only live one: self ends here.
        var last = raw
        _ = unsafe zmq_msg_close(&last)
    }

    /// Number of bytes.
    var count: Int {
        mutating get { unsafe zmq_msg_size(&raw) }
    }

    /// Whether another frame of the same message follows.
    var hasMore: Bool {
        mutating get { unsafe zmq_msg_more(&raw) != 0 }
    }

    /// A copy of the bytes: one allocation, none for an empty frame.
    mutating func copyBytes() -> Frame {
        let size = unsafe zmq_msg_size(&raw)
        guard size > 0, let source = unsafe zmq_msg_data(&raw) else { return [] }
        // Half the instructions of `Frame(unsafeUninitializedCapacity:)`, whose allocation looks the
        // type of its storage up each time (Swift 6.3.1).
        var bytes: Frame = []
        bytes.append(addingCapacity: size) { output in
            unsafe output.withUnsafeMutableBufferPointer { target, initialized in
                // Both sides have room for exactly `size` bytes and do not overlap.
                if let start = target.baseAddress {
                    unsafe UnsafeMutableRawPointer(start).copyMemory(from: source, byteCount: size)
                }
                initialized = size
            }
        }
        return bytes
    }

    /// Replaces the content by the next frame of the socket, without blocking; nil is success.
    mutating func receive(from socket: UnsafeMutableRawPointer) -> ErrorCode? {
        // The caller owns the open socket and is on its thread.
        repeat {
            if unsafe zmq_msg_recv(&raw, socket, ZMQ_DONTWAIT) >= 0 { return nil }
        } while ErrorCode.last == .interrupted
        return .last
    }

    /// Hands the content to the socket, without blocking; nil is success, after which the message
    /// is empty. On failure it keeps its content.
    mutating func send(to socket: UnsafeMutableRawPointer, more: Bool) -> ErrorCode? {
        let flags = more ? ZMQ_DONTWAIT | ZMQ_SNDMORE : ZMQ_DONTWAIT
        // The caller owns the open socket and is on its thread.
        repeat {
            if unsafe zmq_msg_send(&raw, socket, flags) >= 0 { return nil }
        } while ErrorCode.last == .interrupted
        return .last
    }
}
