/// The terms of a field in one or more runs, under one numbering.
///
/// A term has the number of the first run that has it, behind all numbers of the runs before; so some
/// numbers are of no term.
struct RunTerms: Sendable {
    /// All terms, in the order of their bytes.
    private let keys: [TermSortKey]
    /// For each run the numbers of its terms, by the ones they have there; nil where these are the
    /// same.
    let numbers: [[UInt32]?]
    /// All numbers are below it.
    let numberCount: Int
    private let tables: Tables

    /// Numbers the terms of all `tables`, of which there must be one at least.
    ///
    /// Each is sorted by itself, and the sorted ones are merged, in parts, by up to `threads` threads:
    /// so whether a term is another's equal mostly is decided by keys that lie side by side.
    init(_ tables: [TermTable], threads: Int) throws(IndexError) {
        let sorted = try Parallel.map(tables, threads: threads) { (table) throws(IndexError) in
            table.sortedKeys()
        }
        self.tables = Tables(tables)
        var keys = sorted[0]
        var numbers: [[UInt32]?] = [nil]
        for run in tables.indices.dropFirst() {
            let own = sorted[run]
            let merges = try Self.merges(keys, own, self.tables, run, threads: threads)
            keys = merges.flatMap(\.keys)
            var ownNumbers = [UInt32](repeating: 0, count: own.count)
            for (key, number) in zip(own, merges.lazy.flatMap(\.numbers)) {
                ownNumbers[Int(key.number)] = number
            }
            numbers.append(ownNumbers)
        }
        self.keys = keys
        self.numbers = numbers
        numberCount = tables.reduce(0) { $0 + $1.count }
    }

    /// How many terms there are.
    var count: Int { keys.count }

    /// The number of the term at a place of their order.
    @inline(__always)
    func number(at place: Int) -> UInt32 { keys[place].number }

    /// Calls `body` with the bytes of the term at a place of their order.
    func withBytes<Result>(at place: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        tables.withBytes(of: keys[place].number, body)
    }

    /// Appends the bytes of the term at a place of their order: mostly without a look at its table,
    /// which would be a cache miss for every term.
    func append(_ place: Int, to bytes: inout TermBytes) {
        guard !keys[place].appendWhole(to: &bytes) else { return }
        withBytes(at: place) { bytes.append(copying: $0) }
    }

    /// Merges sorted terms with those of a further run, cut into parts of about equal size.
    private static func merges(
        _ known: [TermSortKey], _ own: [TermSortKey], _ tables: Tables, _ run: Int, threads: Int
    ) throws(IndexError) -> [Merge] {
        let count = max(1, threads)
        var parts: [(known: Range<Int>, own: Range<Int>)] = []
        var start = (known: 0, own: 0)
        for part in 1...count {
            let end = own.count * part / count
            let knownEnd =
                end == own.count
                ? known.count
                : known.partitioningIndex { tables.compare($0, own[end], ofRun: run) >= 0 }
            parts.append((start.known..<knownEnd, start.own..<end))
            start = (knownEnd, end)
        }
        return try Parallel.map(parts, threads: threads) { (part) throws(IndexError) in
            Merge(known[part.known], own[part.own], tables, run)
        }
    }

    /// The runs' tables, with where the numbers of each start.
    private struct Tables: Sendable {
        private let tables: [TermTable]
        private let bases: [UInt32]

        init(_ tables: [TermTable]) {
            var bases: [UInt32] = []
            var next: UInt32 = 0
            for table in tables {
                bases.append(next)
                next += UInt32(table.count)
            }
            self.tables = tables
            self.bases = bases
        }

        /// What the term with a number of a run's own is numbered here, unless an earlier run has it.
        func number(_ own: UInt32, ofRun run: Int) -> UInt32 { bases[run] + own }

        func withBytes<Result>(of number: UInt32, _ body: (Span<UInt8>) -> Result) -> Result {
            var run = tables.count - 1
            while bases[run] > number { run -= 1 }
            return tables[run].withBytes(of: number - bases[run], body)
        }

        /// How a term compares with one of a run, whose key has its number there.
        @inline(__always)
        func compare(_ known: TermSortKey, _ own: TermSortKey, ofRun run: Int) -> Int {
            TermSortKey.compare(known, own) {
                withBytes(of: known.number) { left in
                    tables[run].withBytes(of: own.number) { BytesOrder.compare(left, $0) }
                }
            }
        }
    }

    /// Some terms, merged with some of a further run.
    private struct Merge: Sendable {
        /// All of them, sorted.
        private(set) var keys: [TermSortKey] = []
        /// The numbers of the further run's terms, in their order.
        private(set) var numbers: [UInt32] = []

        init(
            _ known: ArraySlice<TermSortKey>, _ own: ArraySlice<TermSortKey>, _ tables: Tables,
            _ run: Int
        ) {
            numbers.reserveCapacity(own.count)
            keys.reserveCapacity(known.count + own.count)
            var next = known.startIndex
            for key in own {
                var order = 1
                while next < known.endIndex {
                    order = tables.compare(known[next], key, ofRun: run)
                    guard order < 0 else { break }
                    keys.append(known[next])
                    next += 1
                }
                var merged = key
                if next < known.endIndex, order == 0 {
                    merged = known[next]
                    next += 1
                } else {
                    merged.number = tables.number(key.number, ofRun: run)
                }
                numbers.append(merged.number)
                keys.append(merged)
            }
            keys += known[next...]
        }
    }
}
