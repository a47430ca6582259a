internal import CZeroMQ
internal import Glibc

/// A ZeroMQ socket, owned by one place and used on one thread; the end of its life closes it.
///
/// Not `Sendable`: libzmq aborts when two threads use a socket, even one after the other behind a
/// naive lock, so a socket lives and dies on the thread that made it (`SocketLoop`). Noncopyable: a
/// closed socket cannot be reached. No call blocks, except `wait` (for as long as it is told) and
/// the end of a bound ipc endpoint (`unbind`).
///
/// libzmq does the background work of a socket in the socket's own calls: a new connection, or the
/// loss of one, is noticed only while it is polled or received from.
///
/// A new socket has these settings: high water marks 10 000 (a publisher sends 100), frames up to
/// 16 MiB, no linger, reconnect after 100 ms doubling to 5 s, handshake within 5 s, IPv6 allowed,
/// tcp keep-alive after 30 s, tcp heartbeats every 2 s with a time-out of 6 s; ROUTER mandatory.
@safe
package struct Socket: ~Copyable {
    /// Which pattern it speaks.
    package let kind: SocketKind

    // Valid from init to deinit, which alone closes it.
    let pointer: UnsafeMutableRawPointer
    private let context: Context
    let state: SocketState

    /// Makes a socket with the safe settings of the type. Throws `contextTerminated`, or
    /// `tooManyOpen` when the context's limit of sockets is reached.
    package init(context: Context, kind: SocketKind) throws(ZMQError) {
        self = try Self.opened(context: context, kind: kind)
    }

    // `adopted` becomes this value's own; nobody else closes it.
    private init(adopting adopted: UnsafeMutableRawPointer, context: Context, kind: SocketKind) {
        unsafe pointer = adopted
        self.context = context
        self.kind = kind
        state = SocketState()
    }

    private static func opened(context: Context, kind: SocketKind) throws(ZMQError) -> Socket {
        // The context's pointer is valid as long as the context, which the socket keeps.
        guard let pointer = unsafe zmq_socket(context.pointer, kind.number) else {
            throw ZMQError(.last, operation: "open a \(kind) socket")
        }
        let socket = unsafe Socket(adopting: pointer, context: context, kind: kind)
        try socket.applyDefaults()
        return socket
    }

    deinit {
        // An I/O thread closes a listener some time after zmq_close. An ipc path is given back only
        // when that is done, or the next owner would find it still answered. Failing (the context
        // is terminated) is no matter: the process is ending.
        for endpoint in state.ipcEndpoints {
            _ = try? unsafe EndpointRelease.unbind(endpoint, socket: pointer, context: context)
        }
        // Nobody can use the pointer after this: self ends here.
        _ = unsafe zmq_close(pointer)
    }

    /// Accepts connections at `endpoint`: `ipc://PATH`, `tcp://HOST:PORT` (`:*` takes a free port,
    /// see `lastEndpoint`) or `inproc://NAME`.
    ///
    /// An ipc path is at most 107 bytes; a missing parent directory is made with mode 0700, the
    /// socket gets mode 0700, and a path that a live process is bound to is refused with
    /// `addressInUse` instead of silently taken over (a lock file `PATH.lock` stays beside it).
    /// On tcp, heartbeats are turned on unless `heartbeatInterval` was set.
    package func bind(_ endpoint: String) throws(ZMQError) {
        guard let path = try IPCPath(endpoint: endpoint, operation: "bind") else {
            try prepareTransport(endpoint, "bind")
            return try unsafe check(endpoint, "bind") { unsafe zmq_bind($0, $1) }
        }
        let lock = try IPCLock(path: path)
        // libzmq binds within this call, on this thread, so the mask covers the new file.
        let bound = FileMask.withOwnerOnly { () -> ErrorCode? in
            unsafe code(endpoint) { unsafe zmq_bind($0, $1) }
        }
        if let bound { throw ZMQError(bound, operation: "bind", endpoint: endpoint) }
        lock.pathIsBound = true
        state.add(endpoint, lock: lock)
    }

    /// Connects to `endpoint`, now and again after every loss, in the background: an absent peer
    /// is no error. Throws for a malformed endpoint. Heartbeats as for `bind`.
    package func connect(_ endpoint: String) throws(ZMQError) {
        _ = try IPCPath(endpoint: endpoint, operation: "connect")
        try prepareTransport(endpoint, "connect")
        try unsafe check(endpoint, "connect") { unsafe zmq_connect($0, $1) }
    }

    /// Stops accepting connections at `endpoint` (as `lastEndpoint` gave it); connections that
    /// exist stay. For ipc and tcp returns when the endpoint is free for the next bind, normally
    /// within a millisecond, and true; after one second at the latest, and then false.
    @discardableResult
    package func unbind(_ endpoint: String) throws(ZMQError) -> Bool {
        if endpoint.hasPrefix("inproc://") {
            try unsafe check(endpoint, "unbind") { unsafe zmq_unbind($0, $1) }
            return true
        }
        // The pointer is this socket's, on its own thread.
        let isFree = try unsafe EndpointRelease.unbind(endpoint, socket: pointer, context: context)
        state.remove(endpoint)
        return isFree
    }

    /// Drops the connection that `connect` made to `endpoint`, with what is queued for it.
    package func disconnect(_ endpoint: String) throws(ZMQError) {
        try unsafe check(endpoint, "disconnect") { unsafe zmq_disconnect($0, $1) }
    }

    /// Subscriber: also receive messages whose first frame begins with `prefix` (empty: all).
    package func subscribe(_ prefix: Frame) throws(ZMQError) {
        try setBytes(ZMQ_SUBSCRIBE, to: prefix, name: "a subscription")
    }

    /// Subscriber: undo one `subscribe` with the same prefix.
    package func unsubscribe(_ prefix: Frame) throws(ZMQError) {
        try setBytes(ZMQ_UNSUBSCRIBE, to: prefix, name: "the end of a subscription")
    }

    private func applyDefaults() throws(ZMQError) {
        let publishes = kind == .publisher || kind == .xpublisher
        try set(.sendHighWaterMark, to: publishes ? 100 : 10_000)
        try set(.receiveHighWaterMark, to: 10_000)
        try set(.maximumFrameBytes, to: 16 << 20)
        try set(.linger, to: .zero)
        try set(.reconnectInterval, to: .milliseconds(100))
        try set(.reconnectIntervalMaximum, to: .seconds(5))
        try set(.handshakeInterval, to: .seconds(5))
        try setNumber(ZMQ_IPV6, to: 1, name: "IPv6")
        try setNumber(ZMQ_TCP_KEEPALIVE, to: 1, name: "keep-alive")
        try setNumber(ZMQ_TCP_KEEPALIVE_IDLE, to: 30, name: "the keep-alive idle time")
        guard kind == .router else { return }
        try setNumber(ZMQ_ROUTER_MANDATORY, to: 1, name: "mandatory routing")
    }

    /// Checks the port of a tcp endpoint, which libzmq takes modulo 65536, and turns heartbeats on:
    /// half-open tcp connections end after six seconds; ipc and inproc have none.
    private func prepareTransport(_ endpoint: String, _ operation: String) throws(ZMQError) {
        guard endpoint.hasPrefix("tcp://") else { return }
        let port = endpoint.split(separator: ":", omittingEmptySubsequences: false).last ?? ""
        guard port == "*" || UInt16(port) != nil else {
            throw ZMQError(
                .invalidArgument, operation: operation, endpoint: endpoint,
                detail: "expected tcp://HOST:PORT with a port of 1 to 65535")
        }
        guard try get(.heartbeatInterval) == .zero else { return }
        try set(.heartbeatInterval, to: .seconds(2))
        try set(.heartbeatTimeout, to: .seconds(6))
        try set(.heartbeatTimeToLive, to: .seconds(6))
    }

    private func setNumber(_ option: Int32, to value: Int, name: String) throws(ZMQError) {
        try setBytes(option, to: value.optionBytes ?? [], name: name)
    }

    private func check(
        _ endpoint: String, _ operation: String,
        _ call: (UnsafeMutableRawPointer, UnsafePointer<CChar>) -> Int32
    ) throws(ZMQError) {
        if let error = unsafe code(endpoint, call) {
            throw ZMQError(error, operation: operation, endpoint: endpoint)
        }
    }

    /// Makes a call that takes the socket and an endpoint; nil is success.
    private func code(
        _ endpoint: String,
        _ call: (UnsafeMutableRawPointer, UnsafePointer<CChar>) -> Int32
    ) -> ErrorCode? {
        // The C string lives for the call, and libzmq copies it.
        unsafe endpoint.withCString { unsafe call(pointer, $0) } == 0 ? nil : .last
    }
}
