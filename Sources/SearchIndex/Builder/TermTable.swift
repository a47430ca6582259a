/// Numbers byte strings in the order they first appear: open addressing over one byte arena.
struct TermTable: Sendable {
    private var arena: [UInt8] = []
    private var ends: [Int] = [0]
    /// The upper half of a string's hash and its number plus 1, or 0 for a free slot; a power of
    /// two of them.
    private var slots = [UInt64](repeating: 0, count: 1024)

    /// How many different strings there are.
    var count: Int { ends.count - 1 }

    /// About how many bytes of memory it takes.
    var byteCount: Int { arena.count + 8 * (ends.count + slots.count) }

    /// The number of a string, which it gets now if it is new.
    ///
    /// Expected constant time. There may be up to 2^32 - 2 strings.
    mutating func intern(_ bytes: Span<UInt8>) -> UInt32 {
        let hash = ShortHash.hash(bytes)
        let slot = slot(of: bytes, hash)
        let found = UInt32(truncatingIfNeeded: slots[slot])
        if found != 0 { return found - 1 }
        arena.append(copying: bytes)
        ends.append(arena.count)
        slots[slot] = hash & ~0xFFFF_FFFF | UInt64(count)
        if count * 2 > slots.count { grow() }
        return UInt32(count - 1)
    }

    /// The number of a string, or nil when it has none.
    func number(of bytes: Span<UInt8>) -> UInt32? {
        let found = UInt32(truncatingIfNeeded: slots[slot(of: bytes, ShortHash.hash(bytes))])
        return found == 0 ? nil : found - 1
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

    /// The slot of a string: the one it has, or the free one that it would get.
    @inline(__always)
    private func slot(of bytes: Span<UInt8>, _ hash: UInt64) -> Int {
        let slots = slots.span
        let mask = slots.count - 1
        // The upper bits of the hash are compared, so all of them take part in choosing too.
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while slots[slot] != 0 {
            if (slots[slot] ^ hash) >> 32 == 0,
                withBytes(
                    of: UInt32(truncatingIfNeeded: slots[slot]) - 1,
                    { ShortHash.areEqual($0, bytes) })
            {
                break
            }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        let mask = slots.count - 1
        for entry in old where entry != 0 {
            var slot = Int(truncatingIfNeeded: entry >> 32) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = entry
        }
    }
}
