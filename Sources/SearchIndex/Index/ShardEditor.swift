/// Changes one shard of an index: each change writes a new generation of its manifest at once.
///
/// Readers that opened the shard before keep what they have. One editor at a time may work on an
/// index; a killed one leaves the old generation, and at most files that no manifest names.
package struct ShardEditor {
    private let folder: String
    private var manifest: ShardManifest

    /// Opens shard `number` of the index in `directory`.
    ///
    /// - Throws: As `ShardReader.init(directory:number:)`.
    package init(directory: String, number: ShardNumber) throws(IndexError) {
        folder = ShardManifest.folder(of: number, in: directory)
        manifest = try ShardManifest(folder: folder)
    }

    /// The generation that is in force.
    package var generation: Generation { manifest.generation }

    /// Marks the documents with these ids as deleted; ids that the shard does not have are passed
    /// over. Linear in the shard's documents.
    ///
    /// - Returns: How many documents were deleted. With none, the generation stays.
    /// - Throws: `corrupt`, `noSpace` or `inputOutput`; then nothing has changed.
    package mutating func delete(ids: [[UInt8]]) throws(IndexError) -> Int {
        let wanted = Set(ids)
        let next = Generation(manifest.generation.rawValue + 1)
        var segments = manifest.segments
        var written: [String] = []
        var count = 0
        for (place, entry) in manifest.segments.enumerated() {
            let reader = try SegmentReader(
                path: "\(folder)/\(entry.file)",
                deletesPath: entry.deletes.map { "\(folder)/\($0)" })
            guard let bitmap = try Self.deleting(wanted, in: reader) else { continue }
            let name = "deletes-\(next)-\(place + 1).del"
            // A killed editor may have left a file of this name.
            try AtomicFile.write(bitmap.encoded, to: name, in: folder, replaces: true)
            written.append(name)
            let live = UInt32(bitmap.documentCount - bitmap.deletedCount)
            count += Int(entry.liveDocuments) - Int(live)
            segments[place] = ShardManifest.Segment(
                file: entry.file, byteCount: entry.byteCount, documents: entry.documents,
                liveDocuments: live, deletes: name)
        }
        guard !written.isEmpty else { return 0 }
        try publish(segments)
        return count
    }

    /// Writes the next generation with these segments, then removes the files that only the one
    /// before had.
    mutating func publish(_ segments: [ShardManifest.Segment]) throws(IndexError) {
        let old = manifest
        manifest = ShardManifest(
            buildID: old.buildID, number: old.number,
            generation: Generation(old.generation.rawValue + 1), segments: segments)
        try AtomicFile.write(
            manifest.encoded, to: ShardManifest.fileName, in: folder, replaces: true)
        let kept = manifest.fileNames
        for name in old.fileNames.subtracting(kept) { FileSystem.removeTree("\(folder)/\(name)") }
    }

    /// The segment's bitmap with the wanted documents added; nil when there is nothing to add.
    private static func deleting(
        _ ids: Set<[UInt8]>, in segment: SegmentReader
    ) throws(IndexError) -> DeleteBitmap? {
        var bitmap = segment.deleted ?? DeleteBitmap(documentCount: segment.documentCount)
        let before = bitmap
        for number in 0..<UInt32(segment.documentCount) {
            let document = DocumentNumber(number)
            if ids.contains(try segment.id(of: document)) { bitmap.delete(document) }
        }
        return bitmap == before ? nil : bitmap
    }
}
