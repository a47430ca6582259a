import Foundation
import SearchIndex

/// An index in process, opened and searched as an embedding program does.
struct EngineIndex: Sendable {
    private let index: EmbeddedIndex

    var shards: Int { index.shards.count }
    var documents: Int { Int(clamping: index.description.statistics.documents) }

    /// Opens all shards.
    init(directory: String) throws(IndexError) {
        index = try EmbeddedIndex(directory: directory)
    }

    /// Parses a query, searches the shards one after the other, and merges.
    func search(_ text: String, limit: Int) throws -> SearchAnswer {
        try index.search(try index.parse(text), limit: limit)
    }

    /// Bytes of all segments by kind of section, largest first.
    var bytesBySection: [(kind: String, bytes: UInt64)] {
        var sums: [String: UInt64] = [:]
        for segment in index.shards.flatMap(\.shard.segments) {
            for (kind, bytes) in segment.sectionSizes { sums[kind, default: 0] += bytes }
        }
        return sums.map { (kind: $0.key, bytes: $0.value) }
            .sorted { ($1.bytes, $0.kind) < ($0.bytes, $1.kind) }
    }
}

extension EngineIndex {
    /// Builds an index from JSON lines, on this thread, under a schema found from them.
    ///
    /// - Returns: the documents indexed.
    /// - Throws: `IndexError` also for a bad line.
    static func build(from documents: String, shards: Int, output: String) throws -> Int {
        let builder = try IndexBuilder(
            output: output, options: IndexBuildOptions(shardCount: shards, isStrict: true))
        let input = [UInt8](try Data(contentsOf: URL(fileURLWithPath: documents)))
        var start = 0
        var number = 1
        while start < input.count {
            let end = input[start...].firstIndex(of: UInt8(ascii: "\n")) ?? input.count
            try builder.add(
                line: input.span.extracting(start..<end), file: documents, number: number)
            start = end + 1
            number += 1
        }
        return Int(clamping: try builder.finish().statistics.documents)
    }

    /// Builds the indexes that a run searches: `one` with 1 shard and `four` with 4, in a folder
    /// that has neither.
    static func prepare(from documents: String, data: String) throws {
        for (name, shards) in [("one", 1), ("four", 4)] {
            let count = try build(from: documents, shards: shards, output: "\(data)/\(name)")
            print("\(data)/\(name): \(count.grouped) documents, shards: \(shards)")
        }
    }
}

extension Answer {
    init(_ answer: SearchAnswer) {
        self.init(
            totalHits: answer.totalHits,
            hits: answer.hits.map {
                Hit(id: String(decoding: $0.hit.id, as: UTF8.self), score: $0.hit.score.bitPattern)
            })
    }
}
