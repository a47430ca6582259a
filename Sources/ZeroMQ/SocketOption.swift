internal import CZeroMQ

/// A setting of a socket with the type of its value. Most act on later binds and connects only, so
/// set them first.
///
/// Left out on purpose: `ROUTING_ID` (two peers with one id: the second is mute without an error),
/// `ROUTER_MANDATORY` (always on), `IMMEDIATE` (aborts the process, see `SocketKind`), `FD`
/// (edge-triggered; only the socket loop uses it), `CONFLATE` (breaks multipart messages), blocking
/// time-outs (nothing here blocks).
package struct SocketOption<Value: SocketOptionValue>: Sendable {
    /// What it is called in errors.
    let name: String
    /// libzmq's number for it.
    let number: Int32
    /// Values outside are refused before libzmq sees them.
    let isAllowed: @Sendable (Value) -> Bool
    /// What is allowed, in words.
    let expectation: String

    init(
        _ name: String, _ number: Int32, expecting expectation: String = "any value",
        where isAllowed: @escaping @Sendable (Value) -> Bool = { _ in true }
    ) {
        self.name = name
        self.number = number
        self.isAllowed = isAllowed
        self.expectation = expectation
    }
}

extension SocketOption where Value == Int {
    /// Messages queued for one peer before sends would block (or a publisher drops). A fuse, not
    /// flow control. Default 10 000, of publishers 100.
    package static var sendHighWaterMark: Self { highWaterMark("send", ZMQ_SNDHWM) }
    /// Messages queued from one peer before it is no longer read. Default 10 000.
    package static var receiveHighWaterMark: Self { highWaterMark("receive", ZMQ_RCVHWM) }
    /// Connections waiting to be accepted. Default 100.
    package static var backlog: Self {
        Self("backlog", ZMQ_BACKLOG, expecting: "1 to 4096") { (1...4096).contains($0) }
    }

    private static func highWaterMark(_ side: String, _ number: Int32) -> Self {
        // Zero would mean "no limit" to libzmq.
        Self("the \(side) high water mark", number, expecting: "1 to 1000000 messages") {
            (1...1_000_000).contains($0)
        }
    }
}

extension SocketOption where Value == Int64 {
    /// The largest frame accepted from a peer, in bytes: a peer that sends more is disconnected,
    /// without an error on either side, so `Socket.send` refuses such frames too. Default 16 MiB.
    package static var maximumFrameBytes: Self {
        // Below 276 the handshake itself fails (libzmq#4436); -1 would mean no limit.
        Self("the maximum frame size", ZMQ_MAXMSGSIZE, expecting: "276 bytes to 1 GiB") {
            (276...1 << 30).contains($0)
        }
    }
}

extension SocketOption where Value == Duration {
    /// How long closing keeps trying to deliver queued messages, at most 30 s. Default 0.
    package static var linger: Self {
        milliseconds("linger", ZMQ_LINGER, from: .zero, to: .seconds(30))
    }
    /// Wait before the first try to connect again. Default 100 ms.
    package static var reconnectInterval: Self {
        milliseconds("the reconnect interval", ZMQ_RECONNECT_IVL, from: .milliseconds(1))
    }
    /// The reconnect interval doubles up to this. Default 5 s.
    package static var reconnectIntervalMaximum: Self {
        milliseconds("the maximum reconnect interval", ZMQ_RECONNECT_IVL_MAX, from: .zero)
    }
    /// A connection that has not finished its handshake by then is closed. Default 5 s.
    package static var handshakeInterval: Self {
        milliseconds("the handshake interval", ZMQ_HANDSHAKE_IVL, from: .milliseconds(1))
    }
    /// Time between ZMTP pings; 0 is off. Default: 2 s on tcp, off elsewhere (`Socket.bind`).
    package static var heartbeatInterval: Self {
        milliseconds("the heartbeat interval", ZMQ_HEARTBEAT_IVL, from: .zero)
    }
    /// Silence after a ping that closes the connection. Default: 6 s on tcp.
    package static var heartbeatTimeout: Self {
        milliseconds("the heartbeat time-out", ZMQ_HEARTBEAT_TIMEOUT, from: .zero)
    }
    /// Silence after which the peer closes its side; steps of 100 ms. Default: 6 s on tcp.
    package static var heartbeatTimeToLive: Self {
        milliseconds(
            "the heartbeat time to live", ZMQ_HEARTBEAT_TTL, from: .zero, to: .seconds(6553))
    }

    private static func milliseconds(
        _ name: String, _ number: Int32, from low: Duration, to high: Duration = .seconds(86_400)
    ) -> Self {
        Self(name, number, expecting: "\(low) to \(high)") { (low...high).contains($0) }
    }
}

extension SocketOption where Value == Bool {
    /// XPUB: hand up every subscription, not only the first of a prefix. Write only.
    package static var reportsEverySubscription: Self {
        Self("verbose subscriptions", ZMQ_XPUB_VERBOSE)
    }
}

extension SocketOption where Value == Frame {
    /// XPUB: a frame that every new subscriber receives at once, if it subscribed to a prefix of
    /// it. The cure for the slow joiner. Write only.
    package static var welcomeMessage: Self { Self("the welcome message", ZMQ_XPUB_WELCOME_MSG) }
}
