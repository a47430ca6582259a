/// Reads stored documents out of compressed blocks.
struct StoreReader: Sendable {
    /// The entries of the blocks, 24 bytes each, first documents ascending from 0.
    let index: FileSection
    /// The blocks.
    let blocks: FileSection
    /// The documents of the segment.
    let documentCount: Int

    /// The number of blocks.
    var blockCount: Int { index.count / SegmentFormat.storeEntryBytes }

    /// The bytes of a document.
    func document(_ document: Int) throws(IndexError) -> [UInt8] {
        let entry = try entry(ofBlock: try block(of: document))
        let place = document - entry.documents.lowerBound
        let content = try content(of: entry)
        do {
            return try Self.document(place, of: entry.documents.count, in: content.span)
        } catch {
            throw blocks.corrupt(
                Malformed(at: entry.bytes.lowerBound, expected: error.expected))
        }
    }

    /// The uncompressed bytes of a block.
    func content(of entry: StoreEntry) throws(IndexError) -> [UInt8] {
        try blocks.read { (bytes) throws(Malformed) in
            let packed = bytes.extracting(entry.bytes)
            guard entry.isCompressed else {
                var content: [UInt8] = []
                content.append(copying: packed)
                return content
            }
            guard let content = LZ4.decompress(packed, count: entry.contentBytes) else {
                throw Malformed(
                    at: entry.bytes.lowerBound,
                    expected: "an LZ4 block of \(entry.contentBytes) bytes")
            }
            return content
        }
    }

    /// The entry of a block, checked against both sections.
    func entry(ofBlock block: Int) throws(IndexError) -> StoreEntry {
        let (limit, documents) = (blocks.count, documentCount)
        return try index.read { (bytes) throws(Malformed) in
            try StoreEntry(bytes, block: block, blocksBytes: limit, documentCount: documents)
        }
    }

    /// The bytes of document `place` among the `count` of a block.
    static func document(
        _ place: Int, of count: Int, in content: Span<UInt8>
    ) throws(Malformed) -> [UInt8] {
        let table = 4 * (count + 1)
        guard place >= 0, place < count, table <= content.count else {
            throw Malformed(at: 0, expected: "\(count + 1) offsets")
        }
        let start = Int(content.loadInteger(at: 4 * place, as: UInt32.self))
        let end = Int(content.loadInteger(at: 4 * place + 4, as: UInt32.self))
        guard start >= table, start <= end, end <= content.count else {
            throw Malformed(at: 4 * place, expected: "offsets inside the block")
        }
        var document: [UInt8] = []
        document.append(copying: content.extracting(start..<end))
        return document
    }

    private func block(of document: Int) throws(IndexError) -> Int {
        let count = blockCount
        return try index.read { (bytes) throws(Malformed) in
            let next = (0..<count).partitioningIndex { block in
                let first = bytes.loadInteger(
                    at: SegmentFormat.storeEntryBytes * block, as: UInt32.self)
                return Int(first) > document
            }
            guard next > 0 else {
                throw Malformed(at: 0, expected: "a block that holds document \(document)")
            }
            return next - 1
        }
    }
}

/// Where a block of stored documents is.
struct StoreEntry: Hashable {
    /// The numbers of its documents.
    let documents: Range<Int>
    /// Its bytes in the store section.
    let bytes: Range<Int>
    /// Its length when uncompressed.
    let contentBytes: Int
    /// Whether its bytes are an LZ4 block; else they are the content.
    let isCompressed: Bool

    /// LZ4 cannot shrink bytes by more than this factor.
    private static let maximumRatio = 255

    /// Reads the entry of a block and the start of the next.
    init(
        _ index: Span<UInt8>, block: Int, blocksBytes: Int, documentCount: Int
    ) throws(Malformed) {
        let width = SegmentFormat.storeEntryBytes
        let place = width * block
        guard block >= 0, place + width <= index.count else {
            throw Malformed(at: index.count, expected: "an entry for block \(block)")
        }
        let first = Int(index.loadInteger(at: place, as: UInt32.self))
        let codec = index.loadInteger(at: place + 4, as: UInt32.self)
        let content = Int(index.loadInteger(at: place + 8, as: UInt32.self))
        let count = Int(index.loadInteger(at: place + 12, as: UInt32.self))
        let offset = index.loadInteger(at: place + 16, as: UInt64.self)
        let next =
            place + 2 * width <= index.count
            ? Int(index.loadInteger(at: place + width, as: UInt32.self)) : documentCount
        guard first < next, next <= documentCount else {
            throw Malformed(
                at: place, expected: "ascending documents", found: "\(first) before \(next)")
        }
        guard count <= blocksBytes, offset <= UInt64(blocksBytes - count) else {
            throw Malformed(at: place + 8, expected: "a block inside the store")
        }
        guard codec == 0 && content == count || codec == 1 && content / Self.maximumRatio <= count
        else {
            throw Malformed(at: place + 4, expected: "codec 0 or 1 and a possible length")
        }
        documents = first..<next
        bytes = Int(offset)..<Int(offset) + count
        contentBytes = content
        isCompressed = codec == 1
    }
}
