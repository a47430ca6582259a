import Testing
import WireProtocol

@testable import ClusterCore

/// How many poison queries are remembered, and for how long.
struct PoisonListTests {
    private static let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    @Test func `a query is known for ten minutes and no longer, however often it is asked`() {
        var list = PoisonList()
        #expect(list.isEmpty)
        list.add(1, at: Self.start)
        list.add(1, at: Self.start + .seconds(300))
        #expect(list.count == 1)
        let known = [300, 599, 600].map { list.contains(1, at: Self.start + .seconds($0)) }
        #expect(known == [true, true, false])
        #expect(list.isEmpty, "nothing is hashed any more")
    }

    @Test func `of more than 256 queries the oldest are forgotten`() {
        var list = PoisonList()
        for number in 0..<300 { list.add(UInt64(number), at: Self.start) }
        #expect(list.count == 256)
        let known = [43, 44, 299].map { list.contains($0, at: Self.start) }
        #expect(known == [false, true, true])
    }
}
