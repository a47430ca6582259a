import Foundation
import Testing

@testable import SearchIndex

extension ScratchFolder {
    /// Builds an index from blocks of lines and returns its folder and its bad lines.
    func build(
        blocksOf lines: [String], named name: String, threads: Int = 1, memory: Int = 1 << 30,
        perSegment: Int = 1 << 30, shards: Int = 2, linesPerBlock: Int = 20, isStrict: Bool = false,
        schema: Schema? = nil
    ) throws -> (directory: String, bad: [BadLine]) {
        let directory = "\(path)/\(name)"
        let builder = try IndexBuilder(
            output: directory,
            options: IndexBuildOptions(
                shardCount: shards, schema: schema, name: "index", isStrict: isStrict,
                buildID: BuildID("000102030405060708090a0b0c0d0e0f"), threadCount: threads,
                memoryBytes: memory, documentsPerSegment: perSegment))
        var bad: [BadLine] = []
        for start in stride(from: 0, to: lines.count, by: linesPerBlock) {
            let block = lines[start..<min(start + linesPerBlock, lines.count)]
                .map { $0 + "\n" }.joined()
            bad += try builder.add(block: Array(block.utf8), file: "input", firstLine: start + 1)
        }
        bad += try builder.finishInput()
        _ = try builder.finish()
        return (directory, bad)
    }

    /// The bytes of all files of an index by their names in it.
    func files(_ directory: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: directory) {
            let file = "\(directory)/\(name)"
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
            files[name] = try read(file)
        }
        return files
    }

    /// Expects two indexes to have the same description, and the same first segment of each shard.
    func expectEqualSegments(_ index: String, _ other: String, shards: UInt32) throws {
        for number in 0..<shards {
            let shard = try ShardReader(directory: index, number: ShardNumber(number))
            let expected = try ShardReader(directory: other, number: ShardNumber(number))
            #expect(try read(shard.segments[0].path) == read(expected.segments[0].path))
        }
        #expect(try read("\(index)/index.json") == read("\(other)/index.json"))
    }
}
