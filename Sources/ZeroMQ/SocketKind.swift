internal import CZeroMQ

/// The pattern a socket speaks.
package enum SocketKind: Sendable, Hashable, CaseIterable {
    /// Many peers, addressed by the first frame of each message. `ROUTER_MANDATORY` is on.
    case router
    /// One peer's asynchronous counterpart. `IMMEDIATE` is on: nothing is queued for a peer that
    /// is not connected, so nothing stale reaches a restarted one. Use one DEALER per broker.
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
