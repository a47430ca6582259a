/// The documents of a segment that were deleted after it was written: one bit for each.
///
/// The file, little-endian: 8 bytes "SWLTDEL" and a line feed; u32 version; u32 number of
/// documents; words of 64 documents, the lowest bit the lowest number, unused bits zero; u32
/// CRC-32C of all bytes before it.
public struct DeleteBitmap: Hashable, Sendable {
    /// The first eight bytes of the file.
    static let magic: [UInt8] = Array("SWLTDEL\n".utf8)
    private static let headerBytes = 16
    private static let checksumBytes = 4

    /// The number of documents of the segment.
    public let documentCount: Int
    /// A set bit for every deleted document; bit n of word w is document 64 w + n.
    public private(set) var words: [UInt64]

    /// A bitmap without deleted documents.
    init(documentCount: Int) {
        self.documentCount = documentCount
        words = [UInt64](repeating: 0, count: (documentCount + 63) / 64)
    }

    /// The number of deleted documents.
    public var deletedCount: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Whether a document, whose number must be below `documentCount`, was deleted.
    @inline(__always)
    public func isDeleted(_ document: DocumentNumber) -> Bool {
        let number = Int(document.rawValue)
        return words[number / 64] >> UInt64(number % 64) & 1 == 1
    }

    /// Marks a document as deleted.
    mutating func delete(_ document: DocumentNumber) {
        let number = Int(document.rawValue)
        precondition(number < documentCount, "document \(number) of \(documentCount)")
        words[number / 64] |= 1 << UInt64(number % 64)
    }

    /// The bytes of the file.
    var encoded: [UInt8] {
        var bytes = Self.magic
        bytes.appendInteger(SegmentFormat.version)
        bytes.appendInteger(UInt32(documentCount))
        for word in words { bytes.appendInteger(word) }
        bytes.appendInteger(CRC32C.checksum(bytes.span))
        return bytes
    }

    /// Reads the file at `path`, all of it, and checks every byte.
    ///
    /// - Throws: `missing`, `corrupt`, `unsupportedVersion` or `inputOutput`.
    init(path: String, documentCount: Int) throws(IndexError) {
        let file = try MappedFile(path: path)
        let wordCount = (documentCount + 63) / 64
        let length = Self.headerBytes + 8 * wordCount + Self.checksumBytes
        guard file.byteCount == length else {
            throw Self.damaged(path, 0, "\(length) bytes", "\(file.byteCount)")
        }
        words = try file.withBytes(0..<length) { (bytes) throws(IndexError) in
            try Self.check(bytes, path, documentCount)
            return (0..<wordCount).map {
                bytes.loadInteger(at: Self.headerBytes + 8 * $0, as: UInt64.self)
            }
        }
        self.documentCount = documentCount
        if documentCount % 64 != 0, let last = words.last, last >> UInt64(documentCount % 64) != 0 {
            throw Self.damaged(path, length - 12, "zero bits after the last document", nil)
        }
    }

    private static func check(
        _ bytes: Span<UInt8>, _ path: String, _ documentCount: Int
    ) throws(IndexError) {
        let magic = magic
        guard BytesOrder.compare(bytes.extracting(0..<8), magic.span) == 0 else {
            throw damaged(path, 0, "the magic of a delete bitmap", nil)
        }
        let end = bytes.count - checksumBytes
        let stored = bytes.loadInteger(at: end, as: UInt32.self)
        let actual = CRC32C.checksum(bytes.extracting(0..<end))
        guard stored == actual else {
            throw damaged(
                path, end, "checksum \(Hexadecimal.text(stored))", Hexadecimal.text(actual))
        }
        let version = bytes.loadInteger(at: 8, as: UInt32.self)
        guard version == SegmentFormat.version else {
            throw IndexError(
                .unsupportedVersion, "another format version", file: path, byteOffset: 8,
                expected: "version \(SegmentFormat.version)", found: "version \(version)",
                advice: "rebuild the index with this release")
        }
        let count = bytes.loadInteger(at: 12, as: UInt32.self)
        guard Int(count) == documentCount else {
            throw damaged(path, 12, "\(documentCount) documents", "\(count)")
        }
    }

    private static func damaged(
        _ path: String, _ byteOffset: Int, _ expected: String, _ found: String?
    ) -> IndexError {
        IndexError(
            .corrupt, "damaged delete bitmap", file: path, section: "delete bitmap",
            byteOffset: UInt64(max(0, byteOffset)), expected: expected, found: found,
            advice: "restore the file from a replica or rebuild the index")
    }
}
