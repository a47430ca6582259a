/// Decides which lists a `PostingsCache` holds: by what lookups in each have cost of late, within a
/// budget of bytes. Knows lists by numbers that it gives them, from 0 on; holds no postings.
struct PostingsAdmission {
    /// A list, by where it starts in the file; damage could give two terms the same place.
    struct Key: Hashable {
        let start: Int
        let documentFrequency: Int

        init(start: Int, documentFrequency: Int) {
            self.start = start
            self.documentFrequency = documentFrequency
        }

        init(_ layout: PostingsLayout) {
            self.init(
                start: layout.range.lowerBound, documentFrequency: layout.documentFrequency)
        }

        /// Of the place alone, which is all but unique.
        func hash(into hasher: inout Hasher) { hasher.combine(start) }
    }

    /// What is known of a list.
    private struct Entry {
        /// Blocks that were looked into of late, or would have been.
        var work = 0
        /// The work at which the list is worth another try.
        var due: Int
        /// What the list takes; nil if it is not held.
        var byteCount: Int?
        var isBeingMade = false

        /// What holding the list saves for each byte.
        var value: Double { Double(work) / Double(max(1, byteCount ?? 0)) }
    }

    /// What the least valuable of the lists held take together, and what they saved.
    private struct Price {
        var byteCount: Int
        var work: Int
    }

    let budget: Int
    private let halvingWork: Int
    /// Bounded: only so many lists are dense enough.
    private var entries: [Entry] = []
    private var numbers: [Key: Int] = [:]
    /// All work since it was halved.
    private var work = 0
    /// The lists held, the least valuable first, and the price of each with all before it: as of when
    /// they were last put in order.
    private var held: [Int] = []
    private var prices: [Price] = []
    /// What the lists held take.
    private(set) var byteCount = 0

    /// - Parameters:
    ///   - budget: The bytes that lists may take together.
    ///   - halvingWork: Works are halved after so many blocks.
    init(budget: Int, halvingWork: Int) {
        self.budget = budget
        self.halvingWork = halvingWork
    }

    /// The number of a list, if it has one.
    func number(of key: Key) -> Int? { numbers[key] }

    /// Records that so many blocks of a list were looked into. Gives its number, and whether it is to
    /// be made now; then `finish` must follow.
    ///
    /// - Parameters:
    ///   - blockCount: The blocks of the list, which are what making it takes.
    ///   - leastBytes: The least that the list will take.
    mutating func record(
        _ blocks: Int, of key: Key, blockCount: Int, leastBytes: @autoclosure () -> Int
    ) -> (number: Int, isDue: Bool) {
        work += blocks
        if work > halvingWork { halve() }
        let number = numbers[key] ?? append(key, due: blockCount)
        entries[number].work += blocks
        let entry = entries[number]
        guard entry.work >= entry.due, entry.byteCount == nil, !entry.isBeingMade else {
            return (number, false)
        }
        let isDue = victimCount(for: leastBytes(), work: entry.work) != nil
        entries[number].isBeingMade = isDue
        if !isDue { entries[number].due = 2 * entry.work }
        return (number, isDue)
    }

    private mutating func append(_ key: Key, due: Int) -> Int {
        numbers[key] = entries.count
        entries.append(Entry(due: due))
        return entries.count - 1
    }

    private mutating func halve() {
        work = 0
        for number in entries.indices { entries[number].work /= 2 }
        order()
    }

    /// Ends the making of a list. Gives the lists to be dropped for it; nil if it is not to be held.
    ///
    /// - Parameter made: What the list takes; nil if it was not made.
    mutating func finish(_ number: Int, byteCount made: Int?) -> [Int]? {
        let work = entries[number].work
        entries[number].isBeingMade = false
        entries[number].due = max(entries[number].due, 2 * work)
        guard let made, let count = victimCount(for: made, work: work) else { return nil }
        let victims = Array(held[..<count])
        for victim in victims {
            byteCount -= entries[victim].byteCount ?? 0
            entries[victim].byteCount = nil
        }
        held.removeFirst(count)
        held.append(number)
        entries[number].byteCount = made
        byteCount += made
        order()
        return victims
    }

    /// How many of `held` to drop for so many bytes: those must have saved less than half of `work`
    /// together, as making lists is work too. Nil when that gives not enough room.
    ///
    /// Works only grow until they are halved, so that what an older order refuses need not be asked of
    /// a newer one: all lists held are looked at only when a list seems worth it.
    private mutating func victimCount(for byteCount: Int, work: Int) -> Int? {
        let missing = self.byteCount + byteCount - budget
        guard missing > 0 else { return 0 }
        guard count(missing, work) != nil else { return nil }
        order()
        return count(missing, work)
    }

    private func count(_ missing: Int, _ work: Int) -> Int? {
        guard let last = prices.firstIndex(where: { $0.byteCount >= missing }),
            2 * prices[last].work < work
        else { return nil }
        return last + 1
    }

    /// Puts the lists held in order by their present value.
    private mutating func order() {
        let valued = held.map { (number: $0, value: entries[$0].value) }
        held = valued.sorted { $0.value < $1.value }.map(\.number)
        prices.removeAll(keepingCapacity: true)
        var price = Price(byteCount: 0, work: 0)
        for number in held {
            price.byteCount += entries[number].byteCount ?? 0
            price.work += entries[number].work
            prices.append(price)
        }
    }
}
