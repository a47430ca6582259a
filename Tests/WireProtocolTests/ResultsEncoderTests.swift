import TestSupport
import Testing
import WireMessages
import WireProtocol

struct ResultsEncoderTests {
    @Test func `the octets are those of the general encoder`() throws {
        var random = SeededRandom.forTest("results encoder")
        for _ in 0..<300 {
            var encoder = ResultsEncoder()
            var results = WireResults()
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let run = HitsEncoderTests.run(
                    of: .random(in: 0...8, using: &random), using: &random)
                let meta = PlainResultTests.result(using: &random)
                var answer = WireAnswer()
                answer.request = random.next() >> UInt64.random(in: 0...63, using: &random)
                answer.index = UInt32.random(in: 0...300, using: &random)
                answer.meta = meta.wire
                answer.hits.hits = run.hits
                results.answers.append(answer)
                if Bool.random(using: &random) {
                    encoder.hits.append(
                        run.rows.indices, of: run.rows, ids: run.ids,
                        in: .init(index: Array(run.index.utf8), shard: run.shard))
                    encoder.append(request: answer.request, index: answer.index, meta: meta)
                } else {
                    encoder.append(
                        request: answer.request, index: answer.index,
                        meta: try WireCodec.protobuf.encode(answer.meta),
                        hits: try WireCodec.protobuf.encode(answer.hits), in: .protobuf)
                }
            }
            let octets = try WireCodec.protobuf.encode(results)
            #expect(encoder.byteCount == octets.count)
            #expect(encoder.take() == octets)
            #expect(encoder.byteCount == 0)
        }
    }

    @Test func `the text is that of the general encoder`() throws {
        var random = SeededRandom.forTest("results encoder, text")
        for count in 1...20 {
            var encoder = ResultsEncoder()
            var results = WireResults()
            for place in 0..<count {
                var answer = WireAnswer()
                answer.request = UInt64.random(in: 1...(1 << 52), using: &random)
                answer.index = UInt32(place)
                answer.meta = PlainResultTests.result(using: &random).wire
                answer.hits.hits =
                    HitsEncoderTests.run(of: place % 3, using: &random).hits.filter {
                        $0.score.isFinite
                    }
                results.answers.append(answer)
                encoder.append(
                    request: answer.request, index: answer.index,
                    meta: try WireCodec.json.encode(answer.meta),
                    hits: try WireCodec.json.encode(answer.hits), in: .json)
            }
            #expect(encoder.codec == .json)
            #expect(encoder.take() == (try WireCodec.json.encode(results)))
        }
    }
}
