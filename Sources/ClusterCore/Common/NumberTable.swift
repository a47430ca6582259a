/// A key that is one number, larger than 0, which nobody outside this program chooses for others: it was given
/// here, is a hash with a seed that nobody else knows, or who chooses it looks up nothing but its own.
protocol NumberedKey {
    var number: UInt64 { get }
}

/// A dictionary whose keys this program has made.
///
/// `Dictionary` hashes each key with SipHash, some 200 instructions, so that a peer cannot choose keys
/// which collide. Nobody can choose these, so they are spread by one multiplication (Fibonacci hashing)
/// and looked up by linear probing; removal closes the gap, so that no look-up becomes slower with the
/// number of past entries (Knuth, The Art of Computer Programming, volume 3, section 6.4, algorithms L
/// and R). At most half full; it grows by doubling and keeps its room.
struct NumberTable<Key: NumberedKey, Value> {
    /// 0 where there is no entry.
    private var numbers: [UInt64] = []
    private var entries: [Value?] = []
    private(set) var count = 0
    /// What is left of a hash: the place.
    private var shift = UInt64(UInt64.bitWidth)

    private static var smallest: Int { 16 }

    /// An empty table with room for so many entries.
    init(capacity: Int = 0) {
        guard capacity > 0 else { return }
        resize(to: max(Self.smallest, 1 << (Int.bitWidth - (2 * capacity - 1).leadingZeroBitCount)))
    }

    var isEmpty: Bool { count == 0 }

    /// In no order.
    var values: some Collection<Value> { entries.lazy.compactMap { $0 } }

    /// O(1). Nil removes.
    subscript(key: Key) -> Value? {
        get {
            guard let place = place(of: key.number) else { return nil }
            return entries[place]
        }
        set {
            if let newValue { insert(newValue, for: key.number) } else { removeValue(forKey: key) }
        }
    }

    /// O(1).
    @discardableResult
    mutating func removeValue(forKey key: Key) -> Value? {
        guard var gap = place(of: key.number) else { return nil }
        let value = entries[gap]
        var next = after(gap)
        while numbers[next] != 0 {
            // An entry may stand from its home on, so it moves back only if its home is not behind the gap.
            let home = home(of: numbers[next])
            let reach = (next &- home) & (numbers.count - 1)
            if reach >= (next &- gap) & (numbers.count - 1) {
                numbers[gap] = numbers[next]
                entries[gap] = entries[next]
                gap = next
            }
            next = after(next)
        }
        numbers[gap] = 0
        entries[gap] = nil
        count -= 1
        return value
    }

    private mutating func insert(_ value: Value, for number: UInt64) {
        precondition(number > 0, "keys are numbered from 1")
        if 2 * (count + 1) > numbers.count { grow() }
        var place = home(of: number)
        while numbers[place] != 0, numbers[place] != number { place = after(place) }
        if numbers[place] == 0 { count += 1 }
        numbers[place] = number
        entries[place] = value
    }

    private mutating func grow() {
        let old = (numbers, entries)
        resize(to: max(Self.smallest, 2 * numbers.count))
        for (number, value) in zip(old.0, old.1) {
            if let value { insert(value, for: number) }
        }
    }

    /// Makes it empty, with so many places: a power of two.
    private mutating func resize(to size: Int) {
        numbers = Array(repeating: 0, count: size)
        entries = Array(repeating: nil, count: size)
        shift = UInt64(UInt64.bitWidth - size.trailingZeroBitCount)
        count = 0
    }

    private func place(of number: UInt64) -> Int? {
        guard !numbers.isEmpty, number > 0 else { return nil }
        var place = home(of: number)
        while numbers[place] != number {
            if numbers[place] == 0 { return nil }
            place = after(place)
        }
        return place
    }

    /// 2 to the 64th over the golden ratio: consecutive numbers lie far apart.
    private func home(of number: UInt64) -> Int {
        Int(truncatingIfNeeded: (number &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }

    private func after(_ place: Int) -> Int { (place + 1) & (numbers.count - 1) }
}
