import Foundation
import SearchIndex

/// An index on disk of one shard, of texts in the field `body`; removed with the object.
final class ScratchShard {
    let index: EmbeddedIndex
    private let directory = NSTemporaryDirectory() + "/swiftlet-\(UUID().uuidString)"

    init(_ texts: [String]) throws {
        let builder = try IndexBuilder(
            output: directory, options: IndexBuildOptions(shardCount: 1, isStrict: true))
        for (number, text) in texts.enumerated() {
            let line = Array(#"{"id":"\#(number)","body":"\#(text)"}"#.utf8)
            try builder.add(line: line.span, file: "test", number: number + 1)
        }
        _ = try builder.finish()
        index = try EmbeddedIndex(directory: directory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }
}
