import TestSupport
import Testing
import WireMessages
import WireProtocol

struct HitsEncoderTests {
    @Test func `the octets are those of the general encoder`() throws {
        var random = SeededRandom.forTest("hits encoder")
        for _ in 0..<500 {
            var hits = WireHits()
            var encoder = HitsEncoder()
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let run = Self.run(of: Int.random(in: 0...5, using: &random), using: &random)
                let score: Float? = Bool.random(using: &random) ? nil : Self.score(using: &random)
                let from = Int.random(in: 0...run.rows.count, using: &random)
                encoder.append(
                    from..<run.rows.count, of: run.rows, ids: run.ids,
                    in: .init(index: Array(run.index.utf8), shard: run.shard), score: score)
                hits.hits += run.hits[from...].map { hit in
                    var hit = hit
                    if let score { hit.score = score }
                    return hit
                }
            }
            #expect(encoder.finish() == (try WireCodec.protobuf.encode(hits)))
        }
    }

    @Test func `a hit without any content is there all the same`() throws {
        var encoder = HitsEncoder()
        let rows = [PackedHit](
            repeating: .init(sortKey: 0, orderKey: 0, idOffset: 0, idLength: 0), count: 2)
        encoder.append(0..<2, of: rows, ids: [], in: .init(index: [], shard: 0))
        var hits = WireHits()
        hits.hits = [WireHit(), WireHit()]
        #expect(encoder.finish() == (try WireCodec.protobuf.encode(hits)))
    }

    /// Hits of one shard, packed and as they are meant.
    struct Run {
        var rows: [PackedHit] = []
        var ids: Frame = []
        var hits: [WireHit] = []
        let index: String
        let shard: UInt32
    }

    static func run(of count: Int, using random: inout SeededRandom) -> Run {
        var run = Run(
            index: ["", "i", "an index"].randomElement(using: &random) ?? "",
            shard: random.next() >> 33 == 0 ? 0 : UInt32.random(in: 0...300, using: &random))
        for _ in 0..<count {
            var hit = WireHit()
            let length = [0, 1, 7, 127, 128, 300].randomElement(using: &random) ?? 0
            hit.id = (0..<length)
                .map { _ in ["a", "ß", "語"].randomElement(using: &random) ?? "" }.joined()
            hit.score = score(using: &random)
            hit.index = run.index
            hit.shard = run.shard
            hit.orderKey = random.next() >> UInt64.random(in: 0...63, using: &random)
            run.ids += Frame(repeating: 0x2a, count: Int.random(in: 0...3, using: &random))
            run.rows.append(
                PackedHit(
                    sortKey: Double(hit.score), orderKey: hit.orderKey,
                    idOffset: UInt32(run.ids.count), idLength: UInt32(hit.id.utf8.count)))
            run.ids += hit.id.utf8
            run.hits.append(hit)
        }
        return run
    }

    private static func score(using random: inout SeededRandom) -> Float {
        [0, -0.0, 1.5, .infinity, -3e9].randomElement(using: &random) ?? 0
    }
}
