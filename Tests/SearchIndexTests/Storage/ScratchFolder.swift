import Foundation
import SearchIndex

/// A fresh folder, removed with the object.
final class ScratchFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "swiftlet-storage-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The names in the folder.
    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    func read(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    }

    func write(_ bytes: [UInt8], to file: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }

    /// Builds an index called `name` from lines and returns its folder and its bad lines.
    @discardableResult
    func build(
        _ lines: [[UInt8]], named name: String = "index", shards: Int = 1, schema: Schema? = nil,
        isStrict: Bool = false, maximumDocumentBytes: Int = 1024 * 1024
    ) throws -> (directory: String, bad: [BadLine]) {
        let directory = "\(path)/\(name)"
        let builder = try IndexBuilder(
            output: directory,
            options: IndexBuildOptions(
                shardCount: shards, schema: schema, isStrict: isStrict,
                maximumDocumentBytes: maximumDocumentBytes,
                buildID: BuildID("000102030405060708090a0b0c0d0e0f")))
        var bad: [BadLine] = []
        for (index, line) in lines.enumerated() {
            let problem = try builder.add(line: line.span, file: "input", number: index + 1)
            if let problem { bad.append(problem) }
        }
        _ = try builder.finish()
        return (directory, bad)
    }

    func build(
        _ lines: [String], named name: String = "index", shards: Int = 1, schema: Schema? = nil
    ) throws -> String {
        try build(
            lines.map { Array($0.utf8) }, named: name, shards: shards, schema: schema
        ).directory
    }
}
