/// The terms of a field in one or more runs, under one numbering.
///
/// Terms of the first run keep their numbers there; the others have what follows.
struct RunTerms: Sendable {
    /// All terms, in the order of their bytes.
    private let keys: [TermSortKey]
    /// For each run the numbers of its terms, by the ones they have there; nil where these are the
    /// same.
    let numbers: [[UInt32]?]
    private let tables: [TermTable]
    /// Where the terms are that the first run has not.
    private let others: [Owner]

    private struct Owner: Sendable {
        let run: Int
        let number: UInt32
    }

    /// Numbers the terms of all `tables`, of which there must be one at least.
    ///
    /// Each is sorted by itself, by up to `threads` threads, and the sorted ones are merged: so
    /// whether a term is another's equal mostly is decided by keys that lie side by side.
    init(_ tables: [TermTable], threads: Int) throws(IndexError) {
        let sorted = try Parallel.map(tables, threads: threads) { (table) throws(IndexError) in
            table.sortedKeys()
        }
        var numbers: [[UInt32]?] = [nil]
        var others: [Owner] = []
        var keys = sorted[0]
        for run in tables.indices.dropFirst() {
            let merge = Merge(keys, sorted[run], tables, others, run)
            keys = merge.keys
            others = merge.others
            numbers.append(merge.numbers)
        }
        self.keys = keys
        self.numbers = numbers
        self.tables = tables
        self.others = others
    }

    /// How many terms there are.
    var count: Int { keys.count }

    /// The number of the term at a place of their order.
    @inline(__always)
    func number(at place: Int) -> UInt32 { keys[place].number }

    /// Calls `body` with the bytes of the term at a place of their order.
    func withBytes<Result>(at place: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        Self.withBytes(of: keys[place].number, tables, others, body)
    }

    /// Appends the bytes of the term at a place of their order: mostly without a look at its table,
    /// which would be a cache miss for every term.
    func append(_ place: Int, to bytes: inout TermBytes) {
        guard !keys[place].appendWhole(to: &bytes) else { return }
        withBytes(at: place) { bytes.append(copying: $0) }
    }

    @inline(__always)
    private static func withBytes<Result>(
        of number: UInt32, _ tables: [TermTable], _ others: [Owner],
        _ body: (Span<UInt8>) -> Result
    ) -> Result {
        let firstCount = tables[0].count
        if number < firstCount { return tables[0].withBytes(of: number, body) }
        let owner = others[Int(number) - firstCount]
        return tables[owner.run].withBytes(of: owner.number, body)
    }

    /// The terms of some runs, merged with those of one more.
    private struct Merge {
        /// All terms, sorted.
        private(set) var keys: [TermSortKey] = []
        private(set) var others: [Owner]
        /// The numbers of the further run's terms.
        private(set) var numbers: [UInt32]

        init(
            _ known: [TermSortKey], _ own: [TermSortKey], _ tables: [TermTable], _ others: [Owner],
            _ run: Int
        ) {
            self.others = others
            numbers = [UInt32](repeating: 0, count: own.count)
            keys.reserveCapacity(known.count + own.count)
            var next = 0
            for key in own {
                var order = 1
                while next < known.count {
                    order = TermSortKey.compare(known[next], key) {
                        RunTerms.withBytes(of: known[next].number, tables, others) { left in
                            tables[run].withBytes(of: key.number) {
                                BytesOrder.compare(left, $0)
                            }
                        }
                    }
                    guard order < 0 else { break }
                    keys.append(known[next])
                    next += 1
                }
                var merged = key
                if next < known.count, order == 0 {
                    merged = known[next]
                    next += 1
                } else {
                    merged.number = UInt32(tables[0].count + self.others.count)
                    self.others.append(Owner(run: run, number: key.number))
                }
                numbers[Int(key.number)] = merged.number
                keys.append(merged)
            }
            keys += known[next...]
        }
    }
}
