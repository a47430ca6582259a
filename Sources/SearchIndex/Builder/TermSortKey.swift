/// What a numbered string is sorted by: mostly its first sixteen bytes decide, without a look at it.
struct TermSortKey: Sendable {
    /// The string's head, its first byte highest.
    private let first: UInt64
    private let second: UInt64
    /// The length of a string that is whole in its head; of all others one more than that.
    private let length: UInt32
    /// The number of the string.
    var number: UInt32

    init(_ bytes: Span<UInt8>, number: UInt32) {
        let head = TermHead(bytes)
        first = head.low.byteSwapped
        second = head.high.byteSwapped
        length = UInt32(min(bytes.count, TermHead.byteCount + 1))
        self.number = number
    }

    /// Appends the string if the key has all of it.
    func appendWhole(to bytes: inout [UInt8]) -> Bool {
        guard length <= TermHead.byteCount else { return false }
        let head = TermHead(low: first.byteSwapped, high: second.byteSwapped)
        head.append(count: Int(length), to: &bytes)
        return true
    }

    /// How the strings of two keys compare: negative, 0 or positive, as `BytesOrder.compare`.
    ///
    /// - Parameter compareBytes: Compares the strings; called where both are long.
    @inline(__always)
    static func compare(_ left: Self, _ right: Self, _ compareBytes: () -> Int) -> Int {
        if left.first != right.first { return left.first < right.first ? -1 : 1 }
        if left.second != right.second { return left.second < right.second ? -1 : 1 }
        // The same head: the shorter one is a prefix of the other.
        if left.length != right.length { return left.length < right.length ? -1 : 1 }
        return left.length > TermHead.byteCount ? compareBytes() : 0
    }
}
