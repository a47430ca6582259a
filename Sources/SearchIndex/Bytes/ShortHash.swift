/// A hash for tables in memory, fast on strings as short as words; no format depends on it.
///
/// Sixteen bytes a step are folded by one multiplication to 128 bits, the upper half of the
/// product exclusive-or the lower, as in Wang Yi's wyhash.
enum ShortHash {
    private static let first: UInt64 = 0xA076_1D64_78BD_642F
    private static let second: UInt64 = 0xE703_7ED1_A0B4_28DB

    /// The hash of a string of at most sixteen bytes; all of its bits depend on all of them.
    @inline(__always)
    static func hash(_ head: TermHead, length: Int) -> UInt64 {
        let seed = UInt64(truncatingIfNeeded: length) &* second ^ first
        return fold(fold(head.low ^ second, head.high ^ seed), seed ^ first)
    }

    /// The hash of a string of any length, another one than that of its head.
    @inline(__always)
    static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var seed = UInt64(truncatingIfNeeded: bytes.count) &* second ^ first
        var start = 0
        while bytes.count - start > 16 {
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
