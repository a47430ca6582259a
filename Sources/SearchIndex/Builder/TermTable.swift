/// Numbers byte strings in the order they first appear: open addressing over one byte arena.
///
/// Most words have eight bytes at most: a slot holds that much of its string, so that finding one
/// takes a look at one line of memory.
struct TermTable: Sendable {
    /// A place for a string.
    private struct Slot {
        /// The string's `ShortHash.prefix`.
        var prefix: UInt64 = 0
        /// From below: its number plus 1, or 0 while the slot is free, in 32 bits; its length, at
        /// most 255, in 8; the upper bits of its hash.
        var rest: UInt64 = 0

        /// The number of the string; nil while the slot is free.
        @inline(__always)
        var number: UInt32? {
            let stored = UInt32(truncatingIfNeeded: rest)
            return stored == 0 ? nil : stored - 1
        }
    }

    private var arena: [UInt8] = []
    private var ends: [Int] = [0]
    /// A power of two of them.
    private var slots = [Slot](repeating: Slot(), count: 1024)
    /// Strings looked up lately, by their hash: most words of a text are few, but a large table has
    /// each of them on a page of its own. Empty while the table is small.
    private var recent: [Recent] = []
    private static let recentCount = 16384

    /// A string of at most 16 bytes, whole.
    private struct Recent {
        var slot = Slot()
        /// Its last eight bytes; 0 when it has no more than the prefix holds.
        var last: UInt64 = 0
    }

    /// How many different strings there are.
    var count: Int { ends.count - 1 }

    /// About how many bytes of memory it takes.
    var byteCount: Int { arena.count + 8 * ends.count + 16 * slots.count + 24 * recent.count }

    /// The number of a string, which it gets now if it is new.
    ///
    /// Expected constant time. There may be up to 2^32 - 2 strings.
    @inline(__always)
    mutating func intern(_ bytes: Span<UInt8>) -> UInt32 {
        intern(bytes, prefix: ShortHash.prefix(bytes))
    }

    /// The same for a caller that has the string's `ShortHash.prefix`.
    @inline(__always)
    mutating func intern(_ bytes: Span<UInt8>, prefix: UInt64) -> UInt32 {
        let hash = ShortHash.hash(bytes, prefix)
        let wanted = Slot(prefix: prefix, rest: Self.tag(bytes, hash))
        guard bytes.count <= 16, !recent.isEmpty else { return intern(bytes, hash, wanted) }
        let last = bytes.count > 8 ? bytes.loadInteger(at: bytes.count - 8, as: UInt64.self) : 0
        let place = Int(truncatingIfNeeded: hash) & (Self.recentCount - 1)
        let found = recent[place]
        if found.slot.prefix == prefix, found.last == last,
            (found.slot.rest ^ wanted.rest) >> 32 == 0, let number = found.slot.number
        {
            return number
        }
        let number = intern(bytes, hash, wanted)
        recent[place] = Recent(
            slot: Slot(prefix: prefix, rest: wanted.rest | UInt64(number + 1)), last: last)
        return number
    }

    @inline(never)
    private mutating func intern(_ bytes: Span<UInt8>, _ hash: UInt64, _ wanted: Slot) -> UInt32 {
        let place = slot(of: bytes, hash, wanted)
        if let number = slots[place].number { return number }
        return add(bytes, wanted, at: place)
    }

    /// The number of a string, or nil when it has none.
    func number(of bytes: Span<UInt8>) -> UInt32? {
        let prefix = ShortHash.prefix(bytes)
        let hash = ShortHash.hash(bytes, prefix)
        let wanted = Slot(prefix: prefix, rest: Self.tag(bytes, hash))
        return slots[slot(of: bytes, hash, wanted)].number
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
    func sortedNumbers() -> [UInt32] {
        // The first eight bytes decide most comparisons.
        var keys = (0..<UInt32(count)).map { (prefix: prefix(of: $0), number: $0) }
        keys.sort { left, right in
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            return withBytes(of: left.number) { first in
                withBytes(of: right.number) { BytesOrder.compare(first, $0) < 0 }
            }
        }
        return keys.map(\.number)
    }

    private func prefix(of number: UInt32) -> UInt64 {
        withBytes(of: number) { bytes in
            if bytes.count >= 8 {
                return bytes.loadInteger(at: 0, as: UInt64.self).byteSwapped
            }
            var prefix: UInt64 = 0
            for index in 0..<8 {
                prefix = prefix << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0)
            }
            return prefix
        }
    }

    /// What a slot has beside the prefix and the number.
    @inline(__always)
    private static func tag(_ bytes: Span<UInt8>, _ hash: UInt64) -> UInt64 {
        (hash >> 40) << 40 | UInt64(min(bytes.count, 255)) << 32
    }

    /// Where a string is, or the free slot that it would get.
    @inline(__always)
    private func slot(of bytes: Span<UInt8>, _ hash: UInt64, _ wanted: Slot) -> Int {
        let slots = slots.span
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while let number = slots[place].number {
            if slots[place].prefix == wanted.prefix, (slots[place].rest ^ wanted.rest) >> 32 == 0,
                bytes.count <= 8 || withBytes(of: number, { ShortHash.areEqual($0, bytes) })
            {
                break
            }
            place = (place + 1) & mask
        }
        return place
    }

    private mutating func add(_ bytes: Span<UInt8>, _ entry: Slot, at place: Int) -> UInt32 {
        arena.append(copying: bytes)
        ends.append(arena.count)
        slots[place] = Slot(prefix: entry.prefix, rest: entry.rest | UInt64(count))
        if count * 2 > slots.count { grow() }
        return UInt32(count - 1)
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        if recent.isEmpty, slots.count > 4 * Self.recentCount {
            recent = [Recent](repeating: Recent(), count: Self.recentCount)
        }
        let mask = slots.count - 1
        for entry in old {
            guard let number = entry.number else { continue }
            let hash = withBytes(of: number) { ShortHash.hash($0, entry.prefix) }
            var place = Int(truncatingIfNeeded: hash) & mask
            while slots[place].number != nil { place = (place + 1) & mask }
            slots[place] = entry
        }
    }
}
