/// Packs documents into compressed blocks, as `StoreReader` reads them.
///
/// A block is closed once it holds 16 KiB, so a large document has one of its own or shares it
/// with smaller ones before it.
struct StoreWriter {
    /// The index so far.
    private(set) var index: [UInt8] = []
    private var documents: [UInt8] = []
    private var ends: [UInt32] = []
    private var documentCount: UInt32 = 0
    private var blocksBytes: UInt64 = 0

    /// Adds a document; appends the block that it closes, if any, to `blocks`.
    mutating func append(_ document: Span<UInt8>, to blocks: inout [UInt8]) {
        if !ends.isEmpty, document.count >= SegmentFormat.storeBlockBytes { close(to: &blocks) }
        documents.append(copying: document)
        ends.append(UInt32(documents.count))
        documentCount += 1
        if documents.count >= SegmentFormat.storeBlockBytes { close(to: &blocks) }
    }

    /// Closes the last block.
    mutating func finish(to blocks: inout [UInt8]) {
        if !ends.isEmpty { close(to: &blocks) }
    }

    private mutating func close(to blocks: inout [UInt8]) {
        let table = UInt32(4 * (ends.count + 1))
        var content: [UInt8] = []
        content.reserveCapacity(Int(table) + documents.count)
        content.appendInteger(table)
        for end in ends { content.appendInteger(table + end) }
        content.append(contentsOf: documents)
        let compressed = LZ4.compress(content)
        let block = compressed ?? content
        index.appendInteger(documentCount - UInt32(ends.count))
        index.appendInteger(UInt32(compressed == nil ? 0 : 1))
        index.appendInteger(UInt32(content.count))
        index.appendInteger(UInt32(block.count))
        index.appendInteger(blocksBytes)
        blocks.append(contentsOf: block)
        blocksBytes += UInt64(block.count)
        documents.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }
}
