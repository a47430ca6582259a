import Testing

@testable import SearchIndex

struct ParallelTests {
    private static let failure = IndexError(.badInput, "item", file: "f")

    @Test(arguments: [1, 2, 3, 8], [1, 2, 16])
    func `results are taken in the order of the items, no more begun than the window allows`(
        threads: Int, window: Int
    ) throws {
        // Now as many are taken as when the item was begun, or more, but for one on its way here.
        let taken = Monitor([Int]())
        let square: @Sendable (Int) throws(IndexError) -> Int = { (item) throws(IndexError) in
            guard item - taken.update({ $0.count }) <= window else { throw Self.failure }
            return item * item
        }
        try Parallel.forEach(Array(0..<200), threads: threads, window: window, square) { value in
            taken.update { $0.append(value) }
        }
        #expect(taken.update { $0 } == (0..<200).map { $0 * $0 })
    }

    @Test(arguments: [1, 2, 4])
    func `the first failure in the order of the items is thrown, and nothing behind it is taken`(
        threads: Int
    ) {
        var taken: [Int] = []
        let body: @Sendable (Int) throws(IndexError) -> Int = { (item) throws(IndexError) in
            if item == 30 || item == 31 {
                throw IndexError(.badInput, "item \(item)", file: "f")
            }
            return item
        }
        let error = #expect(throws: IndexError.self) {
            try Parallel.forEach(Array(0..<100), threads: threads, window: 8, body) {
                taken.append($0)
            }
        }
        #expect(error?.message == "item 30")
        #expect(taken == Array(0..<30))
    }

    @Test
    func `a failure of the taker ends the work`() {
        let body: @Sendable (Int) throws(IndexError) -> Int = { (item) throws(IndexError) in item }
        var taken = 0
        #expect(throws: IndexError.self) {
            try Parallel.forEach(Array(0..<100), threads: 3, window: 4, body) {
                (item) throws(IndexError) in
                if item == 10 { throw Self.failure }
                taken += 1
            }
        }
        #expect(taken == 10)
    }
}
