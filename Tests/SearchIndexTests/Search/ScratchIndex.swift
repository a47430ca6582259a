import Foundation
import SearchIndex

/// An index of a corpus, removed with the object.
final class ScratchIndex: Sendable {
    let index: EmbeddedIndex
    let directory: String

    convenience init(
        _ corpus: RandomCorpus, shards: Int, perSegment: Int = 1 << 30, deleted: Set<Int> = []
    ) throws {
        try self.init(
            corpus.documents.map(\.json), schema: corpus.schema, shards: shards,
            perSegment: perSegment, deletedIDs: deleted.map { corpus.documents[$0].id })
    }

    /// An index of lines of JSON.
    ///
    /// - Parameters:
    ///   - perSegment: the most documents of a segment.
    ///   - deletedIDs: documents that are deleted after the build.
    init(
        _ lines: [[UInt8]], schema: Schema?, shards: Int, perSegment: Int = 1 << 30,
        deletedIDs: [String] = []
    ) throws {
        directory = NSTemporaryDirectory() + "/swiftlet-\(UUID().uuidString)"
        let builder = try IndexBuilder(
            output: directory,
            options: IndexBuildOptions(
                shardCount: shards, schema: schema, isStrict: true,
                documentsPerSegment: perSegment))
        for (number, line) in lines.enumerated() {
            try builder.add(line: line.span, file: "corpus", number: number + 1)
        }
        _ = try builder.finish()
        for shard in 0..<UInt32(shards) where !deletedIDs.isEmpty {
            var editor = try ShardEditor(directory: directory, number: ShardNumber(shard))
            _ = try editor.delete(ids: deletedIDs.map { Array($0.utf8) })
        }
        index = try EmbeddedIndex(directory: directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }
}
