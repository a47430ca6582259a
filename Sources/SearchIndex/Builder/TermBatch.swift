/// Short terms whose numbers are looked up together.
///
/// A large table lies in no cache of the processor, and each lookup waits for memory. Those of a
/// batch do not depend on one another, so that they wait at the same time.
struct TermBatch: Sendable {
    /// The most terms of a batch.
    static let limit = 64

    /// The terms; the first `count` are in use.
    private(set) var keys = InlineArray<64, TermTable.Key>(repeating: TermTable.Key())
    private(set) var count = 0
    /// Their numbers, but of those that are missing.
    var numbers = InlineArray<64, UInt32>(repeating: 0)
    /// Which terms have no number yet; the first `missingCount` are in use.
    private(set) var missing = InlineArray<64, UInt8>(repeating: 0)
    private(set) var missingCount = 0

    /// Whether there is no room for another term.
    @inline(__always)
    var isFull: Bool { count == Self.limit }

    /// Adds a term; there must be room.
    @inline(__always)
    mutating func append(_ key: TermTable.Key) {
        keys[count] = key
        count += 1
    }

    /// Empties the batch.
    @inline(__always)
    mutating func removeAll() {
        count = 0
        missingCount = 0
    }

    /// Makes all terms missing.
    @inline(__always)
    mutating func startSearch() {
        for index in 0..<count { missing[index] = UInt8(truncatingIfNeeded: index) }
        missingCount = count
    }

    /// Finds those of the missing terms that `entries`, a power of two of them, have at the places of
    /// their hashes.
    @inline(__always)
    mutating func find(in entries: Span<TermTable.Entry>) {
        let mask = entries.count - 1
        var left = 0
        for index in 0..<missingCount {
            let place = Int(missing[index])
            let key = keys[place]
            let entry = entries[Int(key.hash) & mask]
            numbers[place] = entry.stored &- 1
            missing[left] = UInt8(truncatingIfNeeded: place)
            left += entry.matches(key) ? 0 : 1
        }
        missingCount = left
    }
}
