import Foundation
import SearchIndex

/// An index of a corpus, removed with the object.
final class ScratchIndex {
    let index: EmbeddedIndex
    private let directory: String

    init(_ corpus: RandomCorpus, shards: Int) throws {
        directory = NSTemporaryDirectory() + "/swiftlet-\(UUID().uuidString)"
        let builder = try IndexBuilder(
            output: directory,
            options: IndexBuildOptions(
                shardCount: shards, schema: corpus.schema, isStrict: true))
        for (number, document) in corpus.documents.enumerated() {
            try builder.add(line: document.json.span, file: "corpus", number: number + 1)
        }
        _ = try builder.finish()
        index = try EmbeddedIndex(directory: directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }
}
