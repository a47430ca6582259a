import CSnowball

/// One Snowball stemmer of the system's libstemmer, for UTF-8 words of one language.
///
/// Not thread safe: an analyzer owns its stemmers, and a thread its analyzer.
final class Snowball {
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

    // Made by `init`, freed only by `deinit`; never leaves this object.
    private let handle: OpaquePointer

    /// A stemmer; nil when libstemmer has none of this name, or no memory is left.
    init?(language: String) {
        // The name is a null-terminated string that lives for the call; nil stands for UTF-8.
        guard let made = unsafe sb_stemmer_new(language, nil) else { return nil }
        unsafe handle = made
    }

    deinit {
        // The handle came from `sb_stemmer_new` and is freed once.
        unsafe sb_stemmer_delete(handle)
    }

    /// Replaces a word, well-formed UTF-8, by its stem; leaves it as it is when no memory is left.
    func stem(_ term: inout TermBuffer) {
        let length = Int32(term.count)
        let stem = unsafe term.bytes.withUnsafeBufferPointer { word in
            // The stemmer copies `length` bytes of a buffer that is at least as long.
            unsafe sb_stemmer_stem(handle, word.baseAddress, length)
        }
        guard let stem = unsafe stem else { return }
        // The result has `sb_stemmer_length` bytes and stays valid until the handle's next call.
        let count = Int(unsafe sb_stemmer_length(handle))
        term.removeAll()
        for index in 0..<count { term.append(unsafe stem[index]) }
    }
}
