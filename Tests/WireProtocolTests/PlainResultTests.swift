import TestSupport
import Testing
import WireMessages
import WireProtocol

struct PlainResultTests {
    @Test func `the octets are those of the general encoder`() throws {
        var random = SeededRandom.forTest("plain result")
        for _ in 0..<500 {
            let result = Self.result(using: &random)
            for codec in [WireCodec.protobuf, .json] {
                #expect(result.encoded(in: codec) == (try codec.encode(result.wire)))
            }
        }
    }

    static func result(using random: inout SeededRandom) -> PlainResult {
        func number() -> UInt64 { random.next() >> UInt64.random(in: 0...63, using: &random) }
        var result = PlainResult(firstHit: UInt32(truncatingIfNeeded: number()))
        result.totalHits = number()
        result.totalRelation = Bool.random(using: &random) ? .exact : .atLeast
        result.tookMicroseconds = number()
        result.next = Frame(repeating: 0x6e, count: Int.random(in: 0...200, using: &random))
        result.shards =
            Bool.random(using: &random) ? nil : UInt32.random(in: 0...400, using: &random)
        result.resent = UInt32.random(in: 0...2, using: &random)
        result.hedged = UInt32.random(in: 0...2, using: &random)
        return result
    }
}
