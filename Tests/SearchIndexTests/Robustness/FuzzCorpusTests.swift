import Foundation
import Testing

@testable import SearchIndex

/// Replays the committed inputs of the fuzzers: seeds, and what once failed.
struct FuzzCorpusTests {
    @Test(arguments: FuzzTarget.allCases)
    func `every input of the corpus is survived`(target: FuzzTarget) throws {
        let folder = try ScratchFolder()
        let runner = try FuzzRunner(folder: folder.path)
        let corpus = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Corpus/\(target.rawValue)")
        let files = try FileManager.default.contentsOfDirectory(
            at: corpus, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files {
            let input = Array(try Data(contentsOf: file))
            #expect(throws: Never.self, "\(file.lastPathComponent)") {
                try runner.run(target, input)
            }
        }
    }
}
