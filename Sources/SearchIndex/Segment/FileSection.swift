/// A named range of a mapped file; the only way to the bytes of a segment.
struct FileSection: Sendable {
    /// The file that holds it.
    let file: MappedFile
    /// Its name in errors, like `postings of field "body"`.
    let name: String
    /// Its bytes in the file.
    let range: Range<Int>

    /// A range that lies inside the file; nil when it does not.
    init?(_ file: MappedFile, name: String, byteOffset: UInt64, byteCount: UInt64) {
        guard byteOffset <= UInt64(file.byteCount),
            byteCount <= UInt64(file.byteCount) - byteOffset
        else { return nil }
        self.file = file
        self.name = name
        self.range = Int(byteOffset)..<Int(byteOffset + byteCount)
    }

    /// Its length in bytes.
    var count: Int { range.count }

    /// Calls `body` with all bytes; what it finds malformed becomes an error with file and place.
    @inline(__always)
    func read<Result>(
        _ body: (Span<UInt8>) throws(Malformed) -> Result
    ) throws(IndexError) -> Result {
        do {
            return try file.withBytes(range, body)
        } catch {
            throw corrupt(error)
        }
    }

    /// The error for what a decoder found.
    func corrupt(_ error: Malformed) -> IndexError {
        IndexError(
            .corrupt, "damaged data", file: file.path, section: name,
            byteOffset: UInt64(range.lowerBound) + UInt64(max(0, error.byteOffset)),
            expected: error.expected, found: error.found,
            advice: "run `swiftlet index verify`, then restore the file from a replica or rebuild")
    }
}
