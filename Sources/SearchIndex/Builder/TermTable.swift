/// Numbers byte strings in the order they first appear: open addressing over one byte arena.
///
/// Most words have sixteen bytes at most: an entry holds that much of its string, so that finding
/// one takes a look at one line of memory.
struct TermTable: Sendable {
    /// What a string is looked for by.
    struct Key {
        private(set) var head = TermHead()
        /// From below: the string's length, at most 255, in 8 bits; upper bits of its hash.
        private(set) var tag: UInt32 = 0
        /// The lower bits of its hash.
        private(set) var hash: UInt32 = 0

        /// No string.
        init() {}

        /// A string of at most `TermHead.byteCount` bytes.
        @inline(__always)
        init(_ head: TermHead, length: Int) {
            self.init(head, length, ShortHash.hash(head, length: length))
        }

        /// A string.
        init(_ bytes: Span<UInt8>) {
            let head = TermHead(bytes)
            if bytes.count <= TermHead.byteCount {
                self.init(head, length: bytes.count)
            } else {
                self.init(head, min(bytes.count, 255), ShortHash.hash(bytes))
            }
        }

        @inline(__always)
        private init(_ head: TermHead, _ length: Int, _ hash: UInt64) {
            self.head = head
            tag = UInt32(truncatingIfNeeded: hash >> 40) << 8 | UInt32(truncatingIfNeeded: length)
            self.hash = UInt32(truncatingIfNeeded: hash)
        }

        /// The length of the string, if it is short.
        fileprivate var length: Int { Int(tag & 255) }

        /// Whether the head and the length are all of the string.
        fileprivate var isWhole: Bool { length <= TermHead.byteCount }
    }

    /// What the table has at a place.
    struct Entry {
        var head = TermHead()
        /// As the string's key has it; 0 while the place is free.
        var tag: UInt32 = 0
        /// The string's number plus 1; 0 while the place is free.
        var stored: UInt32 = 0

        /// Whether it may be the entry of a key; it is where the key is whole.
        @inline(__always)
        func matches(_ key: Key) -> Bool {
            (head.low ^ key.head.low) | (head.high ^ key.head.high) | UInt64(tag ^ key.tag) == 0
        }
    }

    private var arena: [UInt8] = []
    private var ends: [Int] = [0]
    /// A power of two of them.
    private var slots = [Entry](repeating: Entry(), count: 1024)

    /// Entries of strings looked up lately, by their hash: most words of a text are few, but a large
    /// table has each of them on a page of its own. Empty while the table is small.
    private var recent: [Entry] = []
    private static let recentCount = 16384

    /// How many different strings there are.
    var count: Int { ends.count - 1 }

    /// About how many bytes of memory it takes.
    var byteCount: Int { arena.count + 8 * ends.count + 24 * (slots.count + recent.count) }

    /// The number of a string, which it gets now if it is new.
    ///
    /// Expected constant time. There may be up to 2^32 - 2 strings.
    mutating func intern(_ bytes: Span<UInt8>) -> UInt32 {
        let key = Key(bytes)
        let place = slot(of: key, bytes)
        if slots[place].stored != 0 { return slots[place].stored - 1 }
        arena.append(copying: bytes)
        return add(key, at: place)
    }

    /// Finds the numbers of those terms of a batch that were looked up lately, or all while there are
    /// few.
    func findLatest(_ batch: inout TermBatch) {
        batch.startSearch()
        if recent.isEmpty { batch.find(in: slots.span) } else { batch.find(in: recent.span) }
    }

    /// Gives all terms of a batch their numbers, as `intern` does one after another.
    mutating func intern(_ batch: inout TermBatch) {
        batch.startSearch()
        batch.find(in: slots.span)
        for index in 0..<batch.missingCount {
            let place = Int(batch.missing[index])
            batch.numbers[place] = intern(batch.keys[place])
        }
        guard !recent.isEmpty else { return }
        for index in 0..<batch.count {
            let key = batch.keys[index]
            recent[Int(key.hash) & (Self.recentCount - 1)] = Entry(
                head: key.head, tag: key.tag, stored: batch.numbers[index] + 1)
        }
    }

    /// The same for a key that is whole.
    private mutating func intern(_ key: Key) -> UInt32 {
        let place = slot(of: key) { _ in true }
        if slots[place].stored != 0 { return slots[place].stored - 1 }
        key.head.append(count: key.length, to: &arena)
        return add(key, at: place)
    }

    /// The number of a string, or nil when it has none.
    func number(of bytes: Span<UInt8>) -> UInt32? {
        let stored = slots[slot(of: Key(bytes), bytes)].stored
        return stored == 0 ? nil : stored - 1
    }

    /// Calls `body` with the bytes of a numbered string.
    @inline(__always)
    func withBytes<Result, Failure: Error>(
        of number: UInt32, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let range = ends[Int(number)]..<ends[Int(number) + 1]
        return try body(arena.span.extracting(range))
    }

    /// All numbers, in the order of the strings' bytes.
    func sortedNumbers() -> [UInt32] { sortedKeys().map(\.number) }

    /// The keys of all strings, in the order of their bytes.
    func sortedKeys() -> [TermSortKey] {
        var keys = (0..<UInt32(count)).map { number in
            withBytes(of: number) { TermSortKey($0, number: number) }
        }
        keys.sort { left, right in
            TermSortKey.compare(left, right) {
                withBytes(of: left.number) { first in
                    withBytes(of: right.number) { BytesOrder.compare(first, $0) }
                }
            } < 0
        }
        return keys
    }

    /// Where a string is, or the free slot that it would get.
    private func slot(of key: Key, _ bytes: Span<UInt8>) -> Int {
        slot(of: key) { number in
            key.isWhole || withBytes(of: number) { ShortHash.areEqual($0, bytes) }
        }
    }

    /// The same where `isEqual` decides between strings that have the same key.
    @inline(__always)
    private func slot(of key: Key, _ isEqual: (UInt32) -> Bool) -> Int {
        let slots = slots.span
        let mask = slots.count - 1
        var place = Int(key.hash) & mask
        while slots[place].stored != 0 {
            if slots[place].matches(key), isEqual(slots[place].stored - 1) { break }
            place = (place + 1) & mask
        }
        return place
    }

    /// Makes a string that was put into the arena the next one.
    private mutating func add(_ key: Key, at place: Int) -> UInt32 {
        ends.append(arena.count)
        slots[place] = Entry(head: key.head, tag: key.tag, stored: UInt32(count))
        if count * 2 > slots.count { grow() }
        return UInt32(count - 1)
    }

    private mutating func grow() {
        let old = slots
        slots = [Entry](repeating: Entry(), count: old.count * 2)
        if recent.isEmpty, slots.count > 4 * Self.recentCount {
            recent = [Entry](repeating: Entry(), count: Self.recentCount)
        }
        let mask = slots.count - 1
        for entry in old where entry.stored != 0 {
            let key = withBytes(of: entry.stored - 1) { Key($0) }
            var place = Int(key.hash) & mask
            while slots[place].stored != 0 { place = (place + 1) & mask }
            slots[place] = entry
        }
    }
}
