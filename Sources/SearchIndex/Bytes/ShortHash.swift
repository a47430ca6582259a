/// A hash for tables in memory, fast on strings as short as words; no format depends on it.
///
/// Sixteen bytes a step are folded by one multiplication to 128 bits, the upper half of the
/// product exclusive-or the lower, as in Wang Yi's wyhash.
enum ShortHash {
    private static let first: UInt64 = 0xA076_1D64_78BD_642F
    private static let second: UInt64 = 0xE703_7ED1_A0B4_28DB

    /// The first eight bytes, or those there are: of strings of the same length, up to eight, equal
    /// only where the strings are.
    @inline(__always)
    static func prefix(_ bytes: Span<UInt8>) -> UInt64 {
        let count = bytes.count
        if count >= 8 { return bytes.loadInteger(at: 0, as: UInt64.self) }
        let (low, high) = lastWords(bytes, from: 0)
        if count >= 4 { return low | high << UInt64(8 * (count - 4)) }
        guard count > 0 else { return 0 }
        return low | high << UInt64(8 * (count - 1))
    }

    /// The hash of `bytes`, whose `prefix` is given; all of its bits depend on all of them.
    @inline(__always)
    static func hash(_ bytes: Span<UInt8>, _ prefix: UInt64) -> UInt64 {
        let count = bytes.count
        var seed = UInt64(truncatingIfNeeded: count) &* second ^ first
        if count <= 8 { return fold(fold(prefix ^ second, seed), seed ^ first) }
        var start = 0
        while count - start > 16 {
            seed = fold(
                bytes.loadInteger(at: start, as: UInt64.self) ^ second,
                bytes.loadInteger(at: start + 8, as: UInt64.self) ^ seed)
            start += 16
        }
        let (low, high) = lastWords(bytes, from: start)
        return fold(fold(low ^ second, high ^ seed), seed ^ first)
    }

    /// Whether two strings are the same.
    @inline(__always)
    static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var start = 0
        while left.count - start > 16 {
            guard
                left.loadInteger(at: start, as: UInt64.self)
                    == right.loadInteger(at: start, as: UInt64.self)
            else { return false }
            start += 8
        }
        return lastWords(left, from: start) == lastWords(right, from: start)
    }

    /// The last bytes, 16 at most, as two words that overlap when there are fewer.
    @inline(__always)
    private static func lastWords(_ bytes: Span<UInt8>, from start: Int) -> (UInt64, UInt64) {
        let count = bytes.count - start
        if count >= 8 {
            return (
                bytes.loadInteger(at: start, as: UInt64.self),
                bytes.loadInteger(at: bytes.count - 8, as: UInt64.self)
            )
        }
        if count >= 4 {
            return (
                UInt64(bytes.loadInteger(at: start, as: UInt32.self)),
                UInt64(bytes.loadInteger(at: bytes.count - 4, as: UInt32.self))
            )
        }
        guard count > 0 else { return (0, 0) }
        let middle = UInt64(bytes[start + count / 2])
        return (
            UInt64(bytes[start]) | middle << 8, UInt64(bytes[bytes.count - 1])
        )
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
