/// Where the parts of a column's section are; `docs/index-format.md`, section 11, describes them.
struct ColumnLayout: Sendable {
    /// The length of the fixed part.
    static let headerBytes = 36
    /// The documents of a block that a summary stands for.
    static let blockLength = 512
    /// The length of a block's summary: documents before it, least and greatest packed value.
    static let summaryBytes = 20

    /// The documents of the segment.
    let documentCount: Int
    /// The documents with a value.
    let presentCount: Int
    /// Whether documents may have several values; then `starts` says where each one's begin.
    let isMultiValued: Bool
    /// What a packed value 0 stands for.
    let minimum: UInt64
    /// What packed values are multiplied by before `minimum` is added; at least 1.
    let unit: UInt64
    /// The start of each present document's values and the end of the last; empty if single-valued.
    let starts: PackedArray
    /// The values, those of a document ascending.
    let values: PackedArray

    /// Whether every document has a value; then there is no bitmap.
    var isFull: Bool { presentCount == documentCount }
    /// The number of blocks.
    var blockCount: Int { (documentCount + Self.blockLength - 1) / Self.blockLength }
    /// Where the bitmap of documents with a value starts.
    var bitmapOffset: Int { Self.headerBytes + blockCount * Self.summaryBytes }

    /// Reads the fixed part and checks that it and the section's length agree.
    init(_ bytes: Span<UInt8>, documentCount: Int) throws(Malformed) {
        var cursor = ByteCursor()
        let widths = (
            try cursor.length(fixed: bytes, limit: 64), try cursor.length(fixed: bytes, limit: 64)
        )
        let flags = try cursor.integer(bytes, as: UInt16.self)
        let documents = try cursor.integer(bytes, as: UInt32.self)
        let present = try cursor.integer(bytes, as: UInt32.self)
        let count = try cursor.integer(bytes, as: UInt64.self)
        minimum = try cursor.integer(bytes, as: UInt64.self)
        unit = try cursor.integer(bytes, as: UInt64.self)
        guard flags <= 1, Int(documents) == documentCount, Int(present) <= documentCount,
            unit > 0, count <= UInt64(Int.max), flags == 1 ? widths.0 > 0 : count == UInt64(present)
        else { throw Malformed(at: 0, expected: "a column of \(documentCount) documents") }
        self.documentCount = documentCount
        presentCount = Int(present)
        isMultiValued = flags == 1
        var offset = Self.headerBytes
        offset += (documentCount + Self.blockLength - 1) / Self.blockLength * Self.summaryBytes
        if presentCount < documentCount { offset += (documentCount + 63) / 64 * 8 }
        starts = PackedArray(
            byteOffset: offset, count: flags == 1 ? presentCount + 1 : 0, width: widths.1)
        if flags == 1 {
            offset = try Self.end(of: starts, bytes)
        }
        values = PackedArray(byteOffset: offset, count: Int(count), width: widths.0)
        guard try Self.end(of: values, bytes) == bytes.count else {
            throw Malformed(at: bytes.count, expected: "the end of the column's values")
        }
    }

    private static func end(
        of array: PackedArray, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Int {
        guard let length = PackedArray.byteCount(count: array.count, width: array.width),
            array.byteOffset <= bytes.count, length <= bytes.count - array.byteOffset
        else { throw Malformed(at: bytes.count, expected: "\(array.count) packed integers") }
        return array.byteOffset + length
    }
}

extension ByteCursor {
    /// Reads a byte that is at most `limit`.
    fileprivate mutating func length(
        fixed bytes: Span<UInt8>, limit: UInt8
    ) throws(Malformed) -> Int {
        let value = try integer(bytes, as: UInt8.self)
        guard value <= limit else {
            throw Malformed(at: byteOffset - 1, expected: "at most \(limit)", found: "\(value)")
        }
        return Int(value)
    }
}
