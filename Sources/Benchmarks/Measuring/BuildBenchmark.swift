import Foundation

/// Index build rate on one thread: documents and megabytes of JSON lines a second, from opening the
/// input to the sealed index on disk, in one shard.
struct BuildBenchmark: Benchmark {
    let corpus: Corpus
    /// A folder that exists, for the index, which is removed after each repeat.
    let work: String

    var title: String { "index build, documents/s and MB/s, on \(corpus.description)" }

    mutating func measure() async throws -> [Observation] {
        let output = "\(work)/build-benchmark"
        try? FileManager.default.removeItem(atPath: output)
        defer { try? FileManager.default.removeItem(atPath: output) }
        let began = ContinuousClock.now
        let indexed = try EngineIndex.build(from: corpus.path, shards: 1, output: output)
        let seconds = (ContinuousClock.now - began).seconds
        let found = try EngineIndex(directory: output).documents
        guard indexed == corpus.documents, found == indexed else {
            throw BenchmarkError(
                "the build took \(indexed) of \(corpus.documents) documents, the index has \(found)"
            )
        }
        return [
            .number(
                "index build, 1 thread, documents", on: corpus.description,
                Double(indexed) / seconds, "documents/s"),
            .number(
                "index build, 1 thread, input", on: corpus.description,
                Double(corpus.bytes) / 1e6 / seconds, "MB/s"),
        ]
    }
}
