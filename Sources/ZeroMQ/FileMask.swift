internal import Glibc
internal import Synchronization

/// The process's file mode mask, which has no per-thread form.
enum FileMask {
    private static let turn = Mutex<Void>(())

    /// Runs `body` while new files get no rights for group and others. Files that other threads
    /// make meanwhile get fewer rights than they asked for, never more.
    static func withOwnerOnly<Result>(_ body: () -> Result) -> Result {
        turn.withLock { _ in
            let before = umask(0o077)
            defer { umask(before) }
            return body()
        }
    }
}
