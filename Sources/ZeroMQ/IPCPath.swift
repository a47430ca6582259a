internal import Glibc

/// The file path of an `ipc://` endpoint, checked before libzmq sees it.
struct IPCPath {
    /// The longest path in bytes: `sockaddr_un.sun_path` has 108 with the final zero.
    static let maximumBytes = 107

    let endpoint: String
    let path: String

    /// Reads `endpoint`; nil when it is of another transport, or an abstract name (`ipc://@NAME`),
    /// which has no file. Throws `nameTooLong` or `invalidArgument`.
    init?(endpoint: String, operation: String) throws(ZMQError) {
        let scheme = "ipc://"
        guard endpoint.hasPrefix(scheme) else { return nil }
        path = String(endpoint.dropFirst(scheme.count))
        self.endpoint = endpoint
        let length = path.utf8.count
        guard length <= Self.maximumBytes else {
            throw ZMQError(
                .nameTooLong, operation: operation, endpoint: endpoint,
                detail: "the path has \(length) bytes, the limit is \(Self.maximumBytes); "
                    + "use a shorter directory")
        }
        guard !path.isEmpty, path != "*", !path.utf8.contains(0) else {
            throw ZMQError(
                .invalidArgument, operation: operation, endpoint: endpoint,
                detail: "expected ipc:// and the path of a file")
        }
        if path.hasPrefix("@") { return nil }
    }

    /// The directory of the path; nil for a bare name in the current one.
    var directory: String? {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return nil }
        return String(path[..<slash])
    }

    /// Makes the last folder of the directory, for its owner only, if it is missing. The mode of
    /// one that exists is its owner's business.
    func makeDirectory() throws(ZMQError) {
        guard let directory else { return }
        // The string lives for the call.
        guard unsafe mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw ZMQError(
                .lastOfSystem, operation: "make the directory \(directory) for", endpoint: endpoint)
        }
    }

    /// Refuses to bind over something that is not a socket, which libzmq would delete, and over a
    /// socket that somebody listens at without our lock.
    func checkFree() throws(ZMQError) {
        var status = stat()
        // Both arguments live for the call.
        guard unsafe lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ZMQError(
                .pathOccupied, operation: "bind", endpoint: endpoint,
                detail: "the path is not a socket; remove it or choose another")
        }
        if isAnswered { throw inUse }
    }

    var inUse: ZMQError {
        ZMQError(
            .addressInUse, operation: "bind", endpoint: endpoint,
            detail: "another process or socket is bound to this path; stop it or choose another")
    }

    /// Whether a connection to the path is accepted, that is, queued by the kernel.
    private var isAnswered: Bool {
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // The path has at most 107 bytes without a zero, sun_path 108 that are zero; the kernel
        // gets the struct with its own size.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
            unsafe target.copyBytes(from: path.utf8)
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(probe, $0, size) == 0
            }
        }
    }
}
