/// What a `Socket` remembers besides libzmq's own state. Used on the socket's thread only.
final class SocketState {
    private var bindings: [(endpoint: String, lock: IPCLock)] = []

    /// The value of `SocketOption.maximumFrameBytes`, which every send compares with.
    var maximumFrameBytes: Int64 = 0

    /// The ipc endpoints that the socket is bound to and holds locks for.
    var ipcEndpoints: [String] { bindings.map(\.endpoint) }

    /// Keeps `lock` as long as the socket is bound to `endpoint`.
    func add(_ endpoint: String, lock: IPCLock) {
        bindings.append((endpoint, lock))
    }

    /// Gives up the lock of `endpoint`, if there is one.
    func remove(_ endpoint: String) {
        bindings.removeAll { $0.endpoint == endpoint }
    }
}
