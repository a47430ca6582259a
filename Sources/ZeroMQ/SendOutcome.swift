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
