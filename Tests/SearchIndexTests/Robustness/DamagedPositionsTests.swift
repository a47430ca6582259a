import Testing

@testable import SearchIndex

/// Positions that damage has put out of order.
struct DamagedPositionsTests {
    @Test
    func `a sloppy phrase survives positions that do not ascend`() {
        var counter = PhraseCounter(slop: 3)
        counter.begin([10, 2], offset: 0)
        counter.narrow([9, 20], offset: 0)
        #expect(counter.count == 1)
    }
}
