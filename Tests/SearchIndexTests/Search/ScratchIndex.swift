import Foundation
import SearchIndex

/// An index of a corpus, removed with the object.
final class ScratchIndex: Sendable {
    let index: EmbeddedIndex
    private let directory: String

    convenience init(_ corpus: RandomCorpus, shards: Int) throws {
        try self.init(corpus.documents.map(\.json), schema: corpus.schema, shards: shards)
    }

    /// An index of lines of JSON.
    init(_ lines: [[UInt8]], schema: Schema?, shards: Int) throws {
        directory = NSTemporaryDirectory() + "/swiftlet-\(UUID().uuidString)"
        let builder = try IndexBuilder(
            output: directory,
            options: IndexBuildOptions(shardCount: shards, schema: schema, isStrict: true))
        for (number, line) in lines.enumerated() {
            try builder.add(line: line.span, file: "corpus", number: number + 1)
        }
        _ = try builder.finish()
        index = try EmbeddedIndex(directory: directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }
}
