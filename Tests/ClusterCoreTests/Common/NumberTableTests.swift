import TestSupport
import Testing

@testable import ClusterCore

struct NumberTableTests {
    private typealias Table = NumberTable<ItemID, Int>

    @Test func `it holds what a dictionary holds, whatever is entered and removed`() {
        var random = SeededRandom.forTest("number table")
        for _ in 0..<50 {
            var (table, oracle) = (Table(), [UInt64: Int]())
            // Few numbers that come again, neighbours, or any: runs of entries grow and close.
            let largest = [UInt64(40), 400, .max].randomElement(using: &random) ?? 40
            for step in 0..<2_000 {
                let number = UInt64.random(in: 1...largest, using: &random)
                if Int.random(in: 0..<5, using: &random) < 2 + step / 500 % 2 {
                    table[ItemID(number: number)] = step
                    oracle[number] = step
                } else {
                    let removed = table.removeValue(forKey: ItemID(number: number))
                    #expect(removed == oracle.removeValue(forKey: number))
                }
                #expect(table.count == oracle.count && table.isEmpty == oracle.isEmpty)
            }
            #expect(oracle.allSatisfy { table[ItemID(number: $0)] == $1 })
            #expect(table.values.sorted() == oracle.values.sorted())
        }
    }

    @Test func `numbers that were never given have no entry`() {
        var table = Table()
        #expect(table[ItemID(number: 0)] == nil && table[ItemID(number: 7)] == nil)
        table[ItemID(number: 7)] = 1
        #expect(table[ItemID(number: 0)] == nil && table[ItemID(number: .max)] == nil)
        table[ItemID(number: 7)] = nil
        #expect(table.isEmpty && table[ItemID(number: 7)] == nil)
    }
}
