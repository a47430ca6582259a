import ClusterCore
import ClusterRuntime
import WireMessages
import WireProtocol

/// The mean sizes of the frames that one item has on the client link, in bytes.
struct MessageSizes: Equatable {
    /// Header and item.
    let request: [Int]
    /// Header, meta and hits.
    let reply: [Int]

    init(request: [Int], reply: [Int]) {
        self.request = request
        self.reply = reply
    }

    /// Of the queries of a benchmark, from their answers.
    init(of benchmark: ClusterBenchmark) async throws {
        var (items, metas, hits) = (0, 0, 0)
        for text in benchmark.queries.texts {
            let (item, answer) = try await benchmark.answer(to: text)
            items += try WireCodec.protobuf.encode(item).count
            metas += try WireCodec.protobuf.encode(answer.meta).count
            var list = WireHits()
            list.hits = answer.hits
            hits += try WireCodec.protobuf.encode(list).count
        }
        let count = benchmark.queries.texts.count
        request = [Header.byteCount, items / count]
        reply = [Header.byteCount, metas / count, hits / count]
    }

    /// As in `32+40 to 32+12+400 bytes`.
    var description: String {
        let sides = [request, reply].map { $0.map(String.init).joined(separator: "+") }
        return "\(sides[0]) bytes to \(sides[1]) bytes"
    }
}
