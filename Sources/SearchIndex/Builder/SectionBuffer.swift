/// The bytes of a section while it is made: in memory, and beyond a limit in a scratch file.
struct SectionBuffer: Sendable {
    /// The bytes that are in memory, after those that are in the file, as they were added.
    private var pieces: [CheckedBytes] = []
    private var extents: [Range<Int>] = []
    /// How many bytes are in memory.
    private(set) var memoryByteCount = 0

    /// The bytes added so far.
    private(set) var byteCount = 0

    /// An empty section.
    init() {}

    /// A section of the bytes given.
    init(_ bytes: CheckedBytes) { append(bytes) }

    /// Adds bytes at the end.
    mutating func append(_ piece: CheckedBytes) {
        byteCount += piece.bytes.count
        guard !piece.bytes.isEmpty else { return }
        memoryByteCount += piece.bytes.count
        pieces.append(piece)
    }

    /// Moves what is in memory to the scratch file.
    mutating func spill(to scratch: inout ScratchFile) throws(IndexError) {
        for piece in pieces { extents.append(try scratch.append(piece.bytes)) }
        pieces = []
        memoryByteCount = 0
    }

    /// Writes all bytes as a section.
    func write(
        _ kind: SectionKind, field: FieldNumber, from scratch: MappedFile?,
        to writer: inout SegmentWriter
    ) throws(IndexError) {
        for extent in extents {
            guard let scratch else { preconditionFailure("bytes in a file that is not there") }
            for start in stride(from: extent.lowerBound, to: extent.upperBound, by: 1 << 20) {
                let range = start..<min(start + 1 << 20, extent.upperBound)
                try writer.append(
                    scratch.withBytes(range) { bytes in
                        var copy: [UInt8] = []
                        copy.append(copying: bytes)
                        return copy
                    })
            }
        }
        for piece in pieces { try writer.append(piece) }
        writer.endSection(kind, field: field)
    }
}

/// A file for bytes that memory has no room for; made with its first bytes, removed at the end.
struct ScratchFile: ~Copyable {
    private let path: String
    private var file: FileWriter?

    init(path: String) { self.path = path }

    deinit { if file != nil { FileSystem.removeTree(path) } }

    /// Adds bytes and returns where they are.
    mutating func append(_ bytes: [UInt8]) throws(IndexError) -> Range<Int> {
        if file == nil { file = try FileWriter(path: path) }
        let start = Int(file?.byteCount ?? 0)
        try file?.write(bytes)
        return start..<start + bytes.count
    }

    /// All bytes added so far; nil when there are none.
    mutating func map() throws(IndexError) -> MappedFile? {
        guard file != nil else { return nil }
        try file?.flush()
        return try MappedFile(path: path)
    }
}
