import SearchIndex
import SwiftletClient

/// Answers and times of a benchmark as JSON lines, to compare with those of other engines.
enum BenchDump {
    /// Appends a line `{mode, query, us, total, hits: [{id, score}]}` for each query.
    static func append(
        _ mode: BenchMode, _ queries: [BenchQuery], _ timings: [SearchTiming],
        to bytes: inout [UInt8]
    ) {
        for (query, timing) in zip(queries, timings) {
            bytes += "{\"mode\":\"\(mode.rawValue)\",\"query\":".utf8
            BatchOutput.append(query.text, to: &bytes)
            bytes += ",\"us\":\(timing.duration / .microseconds(1))".utf8
            bytes += ",\"total\":\(timing.answer.totalHits),\"hits\":[".utf8
            for (place, hit) in timing.answer.hits.enumerated() {
                bytes += "\(place == 0 ? "" : ","){\"id\":".utf8
                BatchOutput.append(String(decoding: hit.hit.id, as: UTF8.self), to: &bytes)
                bytes += ",\"score\":\(hit.hit.score)}".utf8
            }
            bytes += "]}\n".utf8
        }
    }
}
