package import SystemPackage

/// A ZeroMQ address of a broker's socket: `ipc:///absolute/path` or `tcp://host:port`.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// The longest path of a Unix domain socket on Linux, in bytes (unix(7): 108 with its end).
    package static let longestPathBytes = 107

    /// What an endpoint may be, in words for error messages.
    package static let rule = "ipc:///ABSOLUTE/PATH or tcp://HOST:PORT with a port from 1 to 65535"

    /// How the endpoint is reached.
    package enum Transport: Hashable, Sendable {
        /// Through a socket file on this host.
        case ipc(path: FilePath)

        /// Over the network. `host` is a name, an IPv4 address, an IPv6 address in brackets, or
        /// `*` for all interfaces.
        case tcp(host: String, port: UInt16)
    }

    /// How the endpoint is reached.
    package let transport: Transport

    /// The endpoint of a socket file.
    package init(ipc path: FilePath) {
        transport = .ipc(path: path)
    }

    /// Reads an endpoint; nil when the text breaks ``rule``. The length of an ipc path is not
    /// looked at: see ``isTooLong``.
    package init?(_ text: String) {
        if let path = text.dropping(prefix: "ipc://") {
            guard path.hasPrefix("/"), path.utf8.count > 1 else { return nil }
            transport = .ipc(path: FilePath(path))
            return
        }
        guard let address = text.dropping(prefix: "tcp://"),
            let colon = address.lastIndex(of: ":"),
            let port = UInt16(address[address.index(after: colon)...]), port > 0
        else { return nil }
        let host = String(address[..<colon])
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard !host.isEmpty, isBracketed || !host.contains(":"), !host.contains("/") else {
            return nil
        }
        transport = .tcp(host: host, port: port)
    }

    /// Whether the path is one the kernel refuses for its length.
    package var isTooLong: Bool {
        guard case .ipc(let path) = transport else { return false }
        return path.string.utf8.count > Self.longestPathBytes
    }

    /// Whether only this host can reach it: a socket file, or a loopback address.
    package var isLocal: Bool {
        guard case .tcp(let host, _) = transport else { return true }
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The address as ZeroMQ takes it.
    package var description: String {
        switch transport {
        case .ipc(let path): "ipc://\(path)"
        case .tcp(let host, let port): "tcp://\(host):\(port)"
        }
    }
}

extension String {
    fileprivate func dropping(prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
