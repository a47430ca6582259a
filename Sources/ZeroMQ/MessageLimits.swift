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
