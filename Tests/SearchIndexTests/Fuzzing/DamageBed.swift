import Foundation

@testable import SearchIndex

/// An index of one segment on disk whose segment file is replaced again and again.
///
/// Manifest and segment always agree in what opening compares, so that damage reaches the searches.
final class DamageBed {
    let directory: String
    private var folder: String { "\(directory)/shards/0000" }
    private var segmentPath: String { "\(folder)/segment-1.seg" }

    /// - Parameter directory: of an index with one shard of one segment.
    init(directory: String) { self.directory = directory }

    /// Writes a segment file, and opens the index with it; nil when that is refused.
    func open(segment bytes: [UInt8]) throws -> EmbeddedIndex? {
        try Data(bytes).write(to: URL(fileURLWithPath: segmentPath))
        try Data(manifest(for: bytes).encoded)
            .write(to: URL(fileURLWithPath: "\(folder)/\(ShardManifest.fileName)"))
        return try? EmbeddedIndex(directory: directory)
    }

    /// Writes `index.json` with a right checksum, and opens the index with it; nil when that is
    /// refused.
    func open(description object: [UInt8]) throws -> EmbeddedIndex? {
        guard object.last == UInt8(ascii: "}") else { return nil }
        try Data(SealedJSON.seal(object)).write(
            to: URL(fileURLWithPath: "\(directory)/\(IndexDescription.fileName)"))
        return try? EmbeddedIndex(directory: directory)
    }

    /// Writes a segment file, deletes a document and merges, which reads and writes everything, as far
    /// as that goes; then the index has its description of before.
    func merge(segment bytes: [UInt8]) throws {
        let description = "\(directory)/\(IndexDescription.fileName)"
        let sound = try Data(contentsOf: URL(fileURLWithPath: description))
        defer { try? sound.write(to: URL(fileURLWithPath: description)) }
        guard let index = try open(segment: bytes) else { return }
        let segments = index.shards.flatMap { $0.shard.segments }
        guard let segment = segments.first, segment.documentCount > 0,
            let id = try? segment.id(of: DocumentNumber(0)),
            var editor = try? ShardEditor(directory: directory, number: ShardNumber(0)),
            (try? editor.delete(ids: [id])) != nil
        else { return }
        _ = try? IndexMerger(directory: directory, threads: 1).merge()
    }

    /// The manifest that fits a segment's trailer.
    private func manifest(for bytes: [UInt8]) -> ShardManifest {
        var documents: UInt32 = 0
        var buildID = BuildID(unchecked: [UInt8](repeating: 0, count: BuildID.byteCount))
        let trailer = bytes.count - SegmentFormat.trailerBytes
        if trailer >= 0 {
            documents = bytes.span.loadInteger(at: trailer + 12, as: UInt32.self)
            buildID = BuildID(
                unchecked: Array(bytes[trailer + 16..<trailer + 16 + BuildID.byteCount]))
        }
        return ShardManifest(
            buildID: buildID, number: ShardNumber(0), generation: Generation(1),
            segments: [
                ShardManifest.Segment(
                    file: "segment-1.seg", byteCount: UInt64(bytes.count), documents: documents,
                    liveDocuments: documents, deletes: nil)
            ])
    }
}
