import TestSupport
import Testing

@testable import SearchIndex

struct LineFeedsTests {
    @Test
    func `every line feed counts once, beside bytes that are nearly one`() {
        var random = SeededRandom.forTest("line feeds")
        for length in Array(0...40) + [2_039, 2_040, 2_041, 5_000] {
            for choices in [[0x0A], [0x0A, 0x0B], [0x0A, 0x09, 0x8A, 0x00, 0xFF]] as [[UInt8]] {
                let bytes = (0..<length).map { _ in choices.randomElement(using: &random) ?? 0 }
                #expect(LineFeeds.count(in: bytes.span) == bytes.count { $0 == 0x0A })
            }
        }
    }
}
