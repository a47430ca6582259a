import TestSupport
import Testing
import WireProtocol

struct ContentHashTests {
    @Test func `equal frames have one hash, and a changed bit or length another`() {
        var random = SeededRandom.forTest("content hash")
        for length in 0...40 {
            let frame = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let seed = random.next()
            let hash = ContentHash(frame.span, seed: seed).value
            #expect(ContentHash(frame.span, seed: seed).value == hash)
            #expect(ContentHash((frame + [0]).span, seed: seed).value != hash)
            #expect(ContentHash(frame.span, seed: seed &+ 1).value != hash)
            for position in frame.indices {
                for bit in 0..<8 {
                    var other = frame
                    other[position] ^= 1 << bit
                    #expect(ContentHash(other.span, seed: seed).value != hash)
                }
            }
        }
    }

    @Test func `many similar frames have as many hashes`() {
        var hashes: Set<UInt64> = []
        for number in 0..<100_000 {
            hashes.insert(ContentHash(Array("query \(number)".utf8).span, seed: 7).value)
        }
        #expect(hashes.count == 100_000)
        // The low bits differ as the high ones do.
        #expect(Set(hashes.map { $0 & 0xFFFF }).count > 45_000)
        #expect(Set(hashes.map { $0 >> 48 }).count > 45_000)
    }

    @Test func `frames are not taken for one another when their borders move`() {
        var one = ContentHash(seed: 3)
        let octets: Frame = [1, 2, 3]
        one.add(octets.span.extracting(0..<2))
        one.add(octets.span.extracting(2..<3))
        var other = ContentHash(seed: 3)
        other.add(octets.span.extracting(0..<1))
        other.add(octets.span.extracting(1..<3))
        #expect(one.value != other.value)
    }
}
