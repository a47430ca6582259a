import TestSupport
import Testing
import WireMessages
import WireProtocol

struct HitsEncoderTests {
    @Test func `the octets are those of the general encoder`() throws {
        var random = SeededRandom.forTest("hits encoder")
        for _ in 0..<500 {
            var hits = WireHits()
            var encoder = HitsEncoder(hits: 3)
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                var hit = WireHit()
                let length = [0, 1, 7, 127, 128, 300].randomElement(using: &random) ?? 0
                hit.id = (0..<length).map { _ in
                    ["a", "ß", "語"].randomElement(using: &random) ?? ""
                }
                .joined()
                hit.score = [0, -0.0, 1.5, .infinity, -3e9].randomElement(using: &random) ?? 0
                hit.index = ["", "i", "an index"].randomElement(using: &random) ?? ""
                hit.shard =
                    random.next() >> 33 == 0 ? 0 : UInt32.random(in: 0...300, using: &random)
                hit.orderKey = random.next() >> UInt64.random(in: 0...63, using: &random)
                hits.hits.append(hit)
                let around = Int.random(in: 0...3, using: &random)
                let id = Array(hit.id.utf8)
                let padding = Frame(repeating: 0x2a, count: around)
                encoder.append(
                    id: around..<around + id.count, of: padding + id + padding, score: hit.score,
                    index: Array(hit.index.utf8), shard: hit.shard, orderKey: hit.orderKey)
            }
            #expect(encoder.finish() == (try WireCodec.protobuf.encode(hits)))
        }
    }

    @Test func `a hit without any content is there all the same`() throws {
        var encoder = HitsEncoder(hits: 2)
        for _ in 0..<2 {
            encoder.append(id: 0..<0, of: [], score: 0, index: [], shard: 0, orderKey: 0)
        }
        var hits = WireHits()
        hits.hits = [WireHit(), WireHit()]
        #expect(encoder.finish() == (try WireCodec.protobuf.encode(hits)))
    }
}
