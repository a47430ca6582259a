import Glibc

/// A file mapped for reading. The mapping lives as long as the object; the file must not be
/// truncated meanwhile (see docs/index-format.md, "Reading").
///
/// Immutable, so any thread may read it.
final class MappedFile: @unchecked Sendable {  // the mapping is never written
    let path: String
    let byteCount: Int
    private let base: UnsafeRawPointer?

    /// Maps a file. Costs no reading, whatever the size.
    ///
    /// - Throws: `IndexError` of kind `missing`, or `system`.
    init(path: String) throws(IndexError) {
        self.path = path
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError.opening(path, errno) }
        defer { Glibc.close(file) }
        var status = stat()
        // Safe: the pointer to the local is used during the call only.
        guard unsafe fstat(file, &status) == 0 else {
            throw FileError.system("cannot look at it", path, errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw IndexError(.corrupt, path: path, "not a regular file")
        }
        byteCount = Int(status.st_size)
        guard byteCount > 0 else {
            unsafe base = nil
            return
        }
        // Safe: a new mapping of the whole file, which is unmapped in deinit only.
        let mapping = unsafe mmap(nil, byteCount, PROT_READ, MAP_SHARED, file, 0)
        guard unsafe mapping != MAP_FAILED, let mapping = unsafe mapping else {
            throw FileError.system("cannot map it", path, errno)
        }
        unsafe base = UnsafeRawPointer(mapping)
    }

    deinit {
        // Safe: nobody can hold a span of the mapping any more, since spans stay in closures.
        if let base = unsafe base {
            unsafe munmap(UnsafeMutableRawPointer(mutating: base), byteCount)
        }
    }

    /// Lends the bytes of a range that lies within the file.
    @inline(__always)
    func withBytes<Result, Failure: Error>(
        _ range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "outside the file")
        // Safe: the range lies within the mapping, which outlives the call.
        let buffer = unsafe UnsafeRawBufferPointer(
            start: base.map { unsafe $0 + range.lowerBound }, count: range.count)
        return try unsafe body(buffer.bytes)
    }
}

/// The words for failed system calls.
enum FileError {
    static func opening(_ path: String, _ code: Int32) -> IndexError {
        code == ENOENT
            ? IndexError(.missing, path: path, "there is no such file")
            : system("cannot open it", path, code)
    }

    static func system(_ what: String, _ path: String, _ code: Int32) -> IndexError {
        // Safe: strerror gives a C string that is copied at once; codes are valid for it.
        let reason = unsafe String(cString: strerror(code))
        let advice = code == ENOSPC || code == EDQUOT ? "; free some space and try again" : ""
        return IndexError(.system(errno: code), path: path, "\(what): \(reason)\(advice)")
    }
}
