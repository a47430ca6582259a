internal import CZeroMQ

/// A fact about a socket that can be read but not set.
package struct SocketProperty<Value: SocketOptionValue>: Sendable {
    let name: String
    let number: Int32
}

extension SocketProperty where Value == Bool {
    /// Whether nothing is queued for unconnected peers; always off.
    package static var immediate: Self { Self(name: "immediate", number: ZMQ_IMMEDIATE) }
    /// Whether tcp endpoints may be IPv6; always on.
    package static var ipv6: Self { Self(name: "ipv6", number: ZMQ_IPV6) }
}
