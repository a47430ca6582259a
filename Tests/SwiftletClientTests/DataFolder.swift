import Foundation
import SearchIndex
import SwiftletClient
import Testing

/// A folder of indexes, removed with the test that has it.
final class DataFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "swiftlet-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Builds an index whose documents d0, d1, … have the given texts.
    @discardableResult
    func buildIndex(named name: String, shards: Int = 1, _ texts: [String]) throws -> EmbeddedIndex
    {
        let directory = "\(path)/\(name)"
        let builder = try IndexBuilder(
            output: directory, options: IndexBuildOptions(shardCount: shards, isStrict: true))
        for (number, text) in texts.enumerated() {
            let line = Array("{\"id\":\"d\(number)\",\"body\":\"\(text)\"}".utf8)
            try builder.add(line: line.span, file: "test", number: number + 1)
        }
        _ = try builder.finish()
        return try EmbeddedIndex(directory: directory)
    }

    /// Makes the segments of an index unreadable.
    func damage(_ index: String) throws {
        let files = FileManager.default
        let folder = "\(path)/\(index)"
        let names = try #require(files.enumerator(atPath: folder)).compactMap { $0 as? String }
        for name in names where name.hasSuffix(".seg") {
            try Data("damaged".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
    }
}

/// What must come about within two minutes, as on a machine that is busy; asks again until it has.
func eventually(
    _ what: Comment, _ condition: () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let deadline = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < deadline {
        if try await condition() { return }
        await Task.yield()
    }
    Issue.record(what, sourceLocation: sourceLocation)
}

extension SearchCluster {
    /// A started cluster of a folder.
    static func started(
        _ name: String = "test", in folder: DataFolder, settings: ClusterSettings = .init()
    ) async throws -> SearchCluster {
        let cluster = try SearchCluster(name: name, dataFolder: folder.path, settings: settings)
        try await cluster.start()
        return cluster
    }
}

/// The error that a call throws; nil if it throws none.
func failure(_ body: () async throws -> Void) async -> SwiftletClient.SearchError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? SwiftletClient.SearchError
    }
}
