internal import Glibc

/// The right to bind one ipc path, held until the value goes: an exclusive `flock` on `PATH.lock`.
///
/// libzmq unlinks whatever has the path before it binds, so without the lock a second process
/// takes the path of a first that still runs. The kernel drops the lock with the process, however
/// it ends. The file stays: removing it would let two owners lock two different files.
final class IPCLock {
    private let descriptor: Int32
    private let path: IPCPath

    /// Whether the holder made the socket file; then the lock's end removes it, which libzmq does
    /// not do.
    var pathIsBound = false

    /// Takes the lock and checks that the path is free. Throws `addressInUse`, `pathOccupied`, or
    /// what the file system says.
    init(path: IPCPath) throws(ZMQError) {
        try path.makeDirectory()
        let file = path.path + ".lock"
        // The string lives for the call; the descriptor is this value's alone.
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        let opened = unsafe open(file, flags, 0o600)
        guard opened >= 0 else {
            throw ZMQError(
                .lastOfSystem, operation: "open the lock file \(file) of", endpoint: path.endpoint)
        }
        descriptor = opened
        self.path = path
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { throw path.inUse }
            throw ZMQError(
                .lastOfSystem, operation: "lock the file \(file) of", endpoint: path.endpoint)
        }
        try path.checkFree()
    }

    deinit {
        // Removed under the lock, so it cannot be the next owner's. The string lives for the call.
        if pathIsBound { _ = unsafe unlink(path.path) }
        close(descriptor)
    }
}
