/// Numbers byte strings in the order they first appear: open addressing over one byte arena.
struct TermTable {
    private var arena: [UInt8] = []
    private var ends: [Int] = [0]
    private var hashes: [UInt32] = []
    /// The number of a string plus 1, or 0 for a free slot; a power of two of them.
    private var slots = [UInt32](repeating: 0, count: 1024)

    /// How many different strings there are.
    var count: Int { hashes.count }

    /// The number of a string, which it gets now if it is new.
    ///
    /// Expected constant time. There may be up to 2^32 - 2 strings.
    mutating func intern(_ bytes: Span<UInt8>) -> UInt32 {
        let hash = Self.hash(bytes)
        let slot = slot(of: bytes, hash)
        if slots[slot] != 0 { return slots[slot] - 1 }
        arena.append(copying: bytes)
        ends.append(arena.count)
        hashes.append(hash)
        slots[slot] = UInt32(hashes.count)
        if hashes.count * 2 > slots.count { grow() }
        return UInt32(hashes.count - 1)
    }

    /// The number of a string, or nil when it has none.
    func number(of bytes: Span<UInt8>) -> UInt32? {
        let found = slots[slot(of: bytes, Self.hash(bytes))]
        return found == 0 ? nil : found - 1
    }

    /// Calls `body` with the bytes of a numbered string.
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
            var prefix: UInt64 = 0
            for index in 0..<8 {
                prefix = prefix << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0)
            }
            return prefix
        }
    }

    private static func hash(_ bytes: Span<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: XXHash64.hash(bytes))
    }

    private func slot(of bytes: Span<UInt8>, _ hash: UInt32) -> Int {
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let number = slots[slot] - 1
            if hashes[Int(number)] == hash,
                withBytes(of: number, { BytesOrder.compare($0, bytes) == 0 })
            {
                break
            }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for (number, hash) in hashes.enumerated() {
            var slot = Int(hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(number) + 1
        }
    }
}
