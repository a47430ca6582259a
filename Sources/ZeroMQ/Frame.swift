/// One frame of a message: its bytes, copied out of (or into) libzmq.
package typealias Frame = [UInt8]

/// What the receiving side accepts in one multipart message.
///
/// libzmq bounds a frame (`SocketOption.maximumFrameBytes`), but neither the number of frames nor
/// their sum: a peer could fill our memory with one message of many frames.
package enum MessageLimits {
    /// The most frames a message may have. A protocol message of 1000 items has about 1003.
    package static let frames = 1024

    /// The most bytes a whole message may have: 64 MiB.
    package static let bytes = 64 << 20
}

/// How a send that was not an error ended.
package enum SendOutcome: Sendable, Equatable {
    /// libzmq took the whole message. This is not a delivery receipt.
    case sent

    /// Nothing was sent: no peer is connected, or its queue is full. A ROUTER should count this and
    /// let that peer expire; nobody should try again without receiving first, since only receiving
    /// makes libzmq notice that a peer is gone.
    case wouldBlock

    /// Nothing was sent: the peer that the first frame names is not connected (ROUTER), or the
    /// connection broke within this message (DEALER).
    case unreachable
}
