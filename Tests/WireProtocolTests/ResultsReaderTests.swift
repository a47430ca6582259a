import TestSupport
import Testing
import WireMessages
import WireProtocol

/// The quick reading of RESULTS beside the general one.
struct ResultsReaderTests {
    private static func results(using random: inout SeededRandom) -> WireResults {
        var results = WireResults()
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            var answer = WireAnswer()
            answer.request = random.next() >> UInt64.random(in: 1...63, using: &random)
            answer.index = UInt32.random(in: 0...300, using: &random)
            if Bool.random(using: &random) {
                answer.meta = PlainResultTests.result(using: &random).wire
            }
            answer.hits.hits =
                HitsEncoderTests.run(of: .random(in: 0...3, using: &random), using: &random).hits
            switch Int.random(in: 0..<8, using: &random) {
            case 0: answer.hits.hits.append(WireHit())
            case 1: answer.meta.profile.startedUs = 5
            case 2: answer.meta.coverage.failed = 1
            case 3:
                var hit = WireHit()
                hit.sort = [WireFieldValue()]
                answer.hits.hits.append(hit)
            default: break
            }
            results.answers.append(answer)
        }
        return results
    }

    @Test(arguments: [WireCodec.protobuf, .json])
    func `answers are read as the general decoder reads them`(codec: WireCodec) throws {
        var random = SeededRandom.forTest("results reader")
        for _ in 0..<300 {
            let results = Self.results(using: &random)
            let isFinite = results.answers.allSatisfy { $0.hits.hits.allSatisfy(\.score.isFinite) }
            if codec == .json, !isFinite { continue }
            let header = Header(.results, flags: codec == .json ? .json : [])
            let message = try WireMessage(header, meta: results)
            let general: WireResults = try message.meta()
            #expect(try message.answers() == general.answers)
        }
    }

    @Test
    func `whatever is cut or changed is read as the general decoder does, or refused by both`()
        throws
    {
        var random = SeededRandom.forTest("broken results")
        for _ in 0..<6 {
            var results = Self.results(using: &random)
            // Long ids are no more than short ones.
            for place in results.answers.indices {
                results.answers[place].hits.hits.removeAll { $0.id.utf8.count > 20 }
            }
            let whole = try WireCodec.protobuf.encode(results)
            for frame in broken(whole, using: &random) {
                let general = try? WireCodec.protobuf.decode(WireResults.self, from: frame)
                let quick = (try? WireMessage(Header(.results), frames: [frame]).answers()).map {
                    var results = WireResults()
                    results.answers = $0
                    return results
                }
                // As octets, since a float that is not a number does not equal itself.
                let codec = WireCodec.protobuf
                #expect(try quick.map(codec.encode) == general.map(codec.encode), "\(frame)")
            }
        }
    }
}
