internal import CZeroMQ

extension Socket {
    /// Sends one message of `frames`, all or nothing, without blocking.
    ///
    /// At a ROUTER the peer comes first: in the frames, or apart as `route`.
    ///
    /// Copies every frame: one allocation in libzmq per frame over 33 bytes. A publisher drops
    /// what a slow subscriber has no room for and reports `.sent`. Throws `invalidArgument` for a
    /// message without frames (a ROUTER's has two or more), `messageTooLarge` for a frame over this
    /// socket's `maximumFrameBytes`, since peers have the same limit and would hang up on it, and
    /// `contextTerminated`.
    package func send(
        _ frames: [Frame], to route: Frame? = nil
    ) throws(ZMQError) -> SendOutcome {
        let first = route == nil ? 0 : -1
        guard !frames.isEmpty, frames.count - first >= kind.minimumFrames else {
            throw ZMQError(
                .invalidArgument, operation: "send \(frames.count) frames",
                detail: "a \(kind) message has \(kind.minimumFrames) frames or more")
        }
        try checkSizes(of: frames)
        let last = frames.count - 1
        var isDropped = false
        for index in first...last {
            var message = try Message(copying: index < 0 ? route ?? [] : frames[index])
            // The pointer is this socket's, on its own thread.
            guard let code = unsafe message.send(to: pointer, more: index < last) else { continue }
            if index == first { return try outcome(of: code) }
            guard code == .tryAgain || code == .hostUnreachable else {
                throw ZMQError(code, operation: "send")
            }
            // The connection broke within the message. libzmq has taken back the first frames and
            // discards until the last: it must see the rest, or it would discard the next message.
            isDropped = true
        }
        return isDropped ? .unreachable : .sent
    }

    /// The next whole message, or nil when there is none, without blocking.
    ///
    /// Allocates the array and one buffer per nonempty frame. Throws `tooManyFrames` or
    /// `messageTooLarge` for a message over `MessageLimits`, which is then gone: the next call
    /// reads the next message; at a ROUTER the error names the peer. Throws `contextTerminated`.
    package func receive() throws(ZMQError) -> [Frame]? {
        var message = Message()
        // The pointer is this socket's, on its own thread.
        if let code = unsafe message.receive(from: pointer) {
            if code == .tryAgain { return nil }
            throw ZMQError(code, operation: "receive")
        }
        guard message.hasMore else { return [message.copyBytes()] }
        var frames: [Frame] = []
        frames.reserveCapacity(6)
        var byteCount = message.count
        frames.append(message.copyBytes())
        while message.hasMore {
            try receiveRest(into: &message)
            byteCount += message.count
            guard frames.count < MessageLimits.frames, byteCount <= MessageLimits.bytes else {
                throw try refuse(&message, after: frames)
            }
            frames.append(message.copyBytes())
        }
        return frames
    }

    /// Frames of one message arrive together, so that none is missing is no normal case.
    private func receiveRest(into message: inout Message) throws(ZMQError) {
        // The pointer is this socket's, on its own thread.
        if let code = unsafe message.receive(from: pointer) {
            throw ZMQError(code, operation: "receive the rest of a message")
        }
    }

    /// Reads past the rest of a message over the limits; the error to throw for it.
    private func refuse(
        _ message: inout Message, after frames: [Frame]
    ) throws(ZMQError) -> ZMQError {
        while message.hasMore { try receiveRest(into: &message) }
        let peer = kind == .router ? frames.first : nil
        if frames.count >= MessageLimits.frames {
            return ZMQError(
                .tooManyFrames, operation: "receive", peer: peer,
                detail: "a message has at most \(MessageLimits.frames) frames")
        }
        return ZMQError(
            .messageTooLarge, operation: "receive", peer: peer,
            detail: "a message has at most \(MessageLimits.bytes) bytes")
    }

    private func checkSizes(of frames: [Frame]) throws(ZMQError) {
        let limit = state.maximumFrameBytes
        for frame in frames where frame.count > limit {
            throw ZMQError(
                .messageTooLarge, operation: "send a frame of \(frame.count) bytes",
                detail: "the limit is \(limit) bytes; split the message")
        }
    }

    private func outcome(of code: ErrorCode) throws(ZMQError) -> SendOutcome {
        switch code {
        case .tryAgain: .wouldBlock
        case .hostUnreachable: .unreachable
        default: throw ZMQError(code, operation: "send")
        }
    }
}
