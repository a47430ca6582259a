internal import CZeroMQ

/// The pattern a socket speaks.
package enum SocketKind: Sendable, Hashable, CaseIterable {
    /// Many peers, addressed by the first frame of each message. `ROUTER_MANDATORY` is on.
    case router
    /// One peer's asynchronous counterpart. What is sent while the peer is not connected waits for it,
    /// so that a restarted one gets messages of earlier sessions: they must say which they belong to.
    /// (`IMMEDIATE` would drop them, but with it libzmq 4.3.4 aborts the process when the peer goes
    /// while a message of several frames is read.) Use one DEALER per broker.
    case dealer
    /// Publishes to all subscribers; a slow one loses messages past a queue of 100.
    case publisher
    /// Receives what it subscribed to.
    case subscriber
    /// A publisher that receives subscriptions (a frame `1` or `0`, then the prefix).
    case xpublisher
    /// One peer, within the process.
    case pair

    var number: Int32 {
        switch self {
        case .router: ZMQ_ROUTER
        case .dealer: ZMQ_DEALER
        case .publisher: ZMQ_PUB
        case .subscriber: ZMQ_SUB
        case .xpublisher: ZMQ_XPUB
        case .pair: ZMQ_PAIR
        }
    }

    /// The fewest frames of a message one may send: a ROUTER's first frame names the peer.
    var minimumFrames: Int { self == .router ? 2 : 1 }
}
