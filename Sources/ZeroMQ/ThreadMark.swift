internal import Glibc

/// Remembers which thread a loop is.
struct ThreadMark {
    private var thread: pthread_t?

    /// Marks the calling thread.
    mutating func set() {
        thread = pthread_self()
    }

    /// Whether the calling thread is the marked one.
    var isCurrent: Bool { thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
}
