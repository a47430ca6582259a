/// One immutable segment of a shard, mapped from its file.
///
/// Opening reads header, footer and field descriptions only; its time does not depend on the
/// number of documents. Whatever an unverified file holds, reading gives an answer or an
/// `IndexError`, never a trap. Safe to use from any number of threads.
public final class SegmentReader: Sendable {
    /// The path of the file.
    public let path: String
    /// The number of documents.
    public let documentCount: Int
    /// The build that the segment belongs to.
    public let buildID: BuildID
    /// The Unicode version of the analyzers that made its terms, like 15.0.0.
    public let unicodeVersion: String
    /// The fields with terms, in the order of their numbers.
    public let fields: [FieldReader]
    /// The documents that were deleted since the segment was written; nil when none was.
    public let deleted: DeleteBitmap?

    /// The columns, in the order of their fields' numbers.
    let columns: [ColumnReader]
    let file: MappedFile
    let footer: SegmentFooter
    let orderKeys: FileSection
    let idOffsets: FileSection
    let ids: FileSection
    /// The stored documents; nil when the index keeps none.
    let store: StoreReader?
    /// Much used postings in memory.
    let cache: PostingsCache

    /// Opens the segment file at `path`.
    ///
    /// - Parameters:
    ///   - deletesPath: The file of its delete bitmap, which is read whole.
    ///   - leastCacheBytes: The bytes of much used postings that may be kept in memory, if the segment
    ///     has few documents.
    /// - Throws: `missing`, `corrupt`, `unsupportedVersion` or `inputOutput`.
    public init(
        path: String, deletesPath: String? = nil, leastCacheBytes: Int = 0
    ) throws(IndexError) {
        let file = try MappedFile(path: path)
        let footer = try SegmentFooter(of: file)
        let sections = SegmentSections(file, footer)
        let count = Int(footer.documentCount)
        self.path = path
        self.file = file
        self.footer = footer
        documentCount = count
        cache = PostingsCache(documentCount: count, leastBytes: leastCacheBytes)
        buildID = footer.buildID
        unicodeVersion = footer.unicodeVersion.map { String($0) }.joined(separator: ".")
        orderKeys = try sections.section(.orderKeys, length: 8 * count)
        idOffsets = try sections.section(.idOffsets, length: 4 * (count + 1))
        ids = try sections.section(.ids)
        store = try sections.store()
        deleted = try deletesPath.map { (path) throws(IndexError) in
            try DeleteBitmap(path: path, documentCount: count)
        }
        let table = try sections.fieldTable()
        fields = try sections.fields(table)
        columns = try sections.columns(table)
    }

    /// The field called `name`, compared as bytes; nil when it is not indexed.
    public func field(named name: some StringProtocol) -> FieldReader? {
        fields.first { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// The column of the field called `name`, compared as bytes; nil when it has none.
    func column(named name: some StringProtocol) -> ColumnReader? {
        columns.first { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// The order key of a document, whose number must be below `documentCount`.
    public func orderKey(of document: DocumentNumber) throws(IndexError) -> OrderKey {
        let place = 8 * checked(document)
        return try orderKeys.read { (bytes) throws(Malformed) in
            OrderKey(bytes.loadInteger(at: place, as: UInt64.self))
        }
    }

    /// Whether a document, whose number must be below `documentCount`, was deleted.
    public func isDeleted(_ document: DocumentNumber) -> Bool {
        deleted?.isDeleted(document) ?? false
    }

    /// The document with an order key, or nil when there is none or it was deleted; logarithmic in
    /// the number of documents.
    public func document(with key: OrderKey) throws(IndexError) -> DocumentNumber? {
        let found = try anyDocument(with: key)
        return found.flatMap { isDeleted($0) ? nil : $0 }
    }

    private func anyDocument(with key: OrderKey) throws(IndexError) -> DocumentNumber? {
        try orderKeys.read { (bytes) throws(Malformed) in
            var low = 0
            var high = bytes.count / 8
            while low < high {
                let middle = low + (high - low) / 2
                let value = bytes.loadInteger(at: 8 * middle, as: UInt64.self)
                if value == key.rawValue { return DocumentNumber(UInt32(middle)) }
                if value < key.rawValue { low = middle + 1 } else { high = middle }
            }
            return nil
        }
    }

    /// The id of a document, whose number must be below `documentCount`, as UTF-8 bytes.
    ///
    /// Reads nothing of the compressed store.
    public func id(of document: DocumentNumber) throws(IndexError) -> [UInt8] {
        let place = 4 * checked(document)
        let limit = ids.count
        let range = try idOffsets.read { (bytes) throws(Malformed) in
            try Self.idRange(bytes, at: place, limit: limit)
        }
        return try ids.read { (bytes) throws(Malformed) in
            var id: [UInt8] = []
            id.append(copying: bytes.extracting(range))
            return id
        }
    }

    /// Where in `ids` an id is whose offset is at `place`.
    static func idRange(
        _ bytes: Span<UInt8>, at place: Int, limit: Int
    ) throws(Malformed) -> Range<Int> {
        let start = bytes.loadInteger(at: place, as: UInt32.self)
        let end = bytes.loadInteger(at: place + 4, as: UInt32.self)
        guard start <= end, UInt64(end) <= UInt64(limit) else {
            throw Malformed(
                at: place, expected: "ascending offsets up to \(limit)",
                found: "\(start) and \(end)")
        }
        return Int(start)..<Int(end)
    }

    /// The stored JSON of a document, whose number must be below `documentCount`.
    ///
    /// Decompresses one block of about 16 KiB, or the document's own. In an index that stores no
    /// documents an object with nothing but the id, as a string.
    public func source(of document: DocumentNumber) throws(IndexError) -> [UInt8] {
        if let store { return try store.document(checked(document)) }
        let id = try id(of: document)
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("id")
        writer.string(id.span)
        writer.endObject()
        return writer.bytes
    }

    /// The error for what a decoder found at an offset of the whole file.
    func corrupt(_ error: Malformed) -> IndexError {
        let place = UInt64(max(0, error.byteOffset))
        let entry = footer.sections.first {
            $0.byteOffset <= place && place - $0.byteOffset < $0.byteCount
        }
        let kind = entry.flatMap { SectionKind(rawValue: $0.kind) }
        let field = fields.first { $0.number.rawValue == entry?.field }
        return IndexError(
            .corrupt, "damaged data", file: path, section: kind?.name(field: field?.name),
            byteOffset: place, expected: error.expected, found: error.found,
            advice: "run `swiftlet index verify`, then restore the file from a replica or rebuild")
    }

    /// A document's number; one that the segment does not have is our own bug.
    func checked(_ document: DocumentNumber) -> Int {
        let number = Int(document.rawValue)
        precondition(number < documentCount, "document \(number) of \(documentCount)")
        return number
    }
}
