import Glibc

/// A file mapped for reading, from opening to the last reference.
///
/// The mapping is shared and read-only. Truncating the file under a live mapping is outside what
/// the index promises: reading such bytes ends the process.
//
// Unchecked: the pointer refers to memory that nobody writes and that lives as long as `self`.
@safe final class MappedFile: @unchecked Sendable {
    /// The path the file was opened with.
    let path: String
    /// The file's size when it was opened.
    let byteCount: Int
    // Nil for an empty file, which cannot be mapped.
    private let base: UnsafeRawPointer?

    /// Maps the file at `path`.
    ///
    /// - Throws: `IndexError` of kind `missing` or `inputOutput`.
    init(path: String) throws(IndexError) {
        // The path is passed as a C string that lives for the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError.last("open the file", path: path) }
        defer { _ = close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else { throw SystemError.last("find the file's size", path: path) }
        self.path = path
        self.byteCount = size
        guard size > 0 else {
            unsafe self.base = nil
            return
        }
        // A fresh mapping chosen by the kernel; the result is checked before it is used.
        let address = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw SystemError.last("map the file", path: path)
        }
        unsafe self.base = UnsafeRawPointer(address)
    }

    deinit {
        // The range is the one that mmap returned, and no span of it outlives `withBytes`.
        if let base = unsafe base {
            _ = unsafe munmap(UnsafeMutableRawPointer(mutating: base), byteCount)
        }
    }

    /// Calls `body` with the bytes of `range`, which must lie inside the file.
    ///
    /// The span is valid for the call only.
    @inline(__always)
    func withBytes<Result, Failure: Error>(
        _ range: Range<Int>, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= byteCount,
            "range \(range) outside a file of \(byteCount) bytes")
        guard let base = unsafe base else { return try body(Span<UInt8>()) }
        // The range was checked against the mapping, which lives until `self` is released.
        let buffer = unsafe UnsafeRawBufferPointer(
            start: base + range.lowerBound, count: range.count)
        let bytes = unsafe Span<UInt8>(_unsafeBytes: buffer)
        return try withExtendedLifetime(self) { () throws(Failure) in try body(bytes) }
    }
}
