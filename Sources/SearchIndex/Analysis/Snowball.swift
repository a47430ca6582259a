import CSnowball
import Synchronization

/// One Snowball stemmer of the system's libstemmer, for UTF-8 words of one language.
///
/// libstemmer's stemmers serve one thread at a time. Every token stream has its own; the lock, which
/// nobody else holds then, makes a shared one safe too.
final class Snowball: Sendable {
    /// The names of all algorithms that libstemmer has, in its order.
    static let languages: [String] = {
        var names: [String] = []
        // libstemmer's list is constant, null-terminated, and its strings are never freed.
        guard var place = unsafe sb_stemmer_list() else { return names }
        while let name = unsafe place.pointee {
            names.append(unsafe String(cString: name))
            unsafe place += 1
        }
        return names
    }()

    /// Owns what `sb_stemmer_new` gave.
    //
    // Safe: the pointer is made by `init`, used by `stem` and freed by `deinit`, and never handed out.
    @safe private struct Handle: ~Copyable {
        private let pointer: OpaquePointer

        init?(language: String) {
            // The name is a null-terminated string that lives for the call; nil stands for UTF-8.
            guard let made = unsafe sb_stemmer_new(language, nil) else { return nil }
            unsafe pointer = made
        }

        deinit {
            // The pointer came from `sb_stemmer_new` and is freed once.
            unsafe sb_stemmer_delete(pointer)
        }

        borrowing func stem(_ term: inout TermBuffer) {
            let length = Int32(term.count)
            let stem = unsafe term.bytes.withUnsafeBufferPointer { word in
                // The stemmer copies `length` bytes of a buffer that is at least as long.
                unsafe sb_stemmer_stem(pointer, word.baseAddress, length)
            }
            guard let stem = unsafe stem else { return }
            // The result has this many bytes and stays valid until the stemmer's next call.
            let count = Int(unsafe sb_stemmer_length(pointer))
            term.removeAll()
            for index in 0..<count { term.append(unsafe stem[index]) }
        }
    }

    private let handle: Mutex<Handle>

    /// A stemmer; nil when libstemmer has none of this name, or no memory is left.
    init?(language: String) {
        guard let made = Handle(language: language) else { return nil }
        handle = Mutex(made)
    }

    /// Replaces a word, well-formed UTF-8 of at most `TermLengths.maximum` bytes, by its stem; leaves
    /// it as it is when no memory is left.
    func stem(_ term: inout TermBuffer) {
        handle.withLock { $0.stem(&term) }
    }
}
