/// Which of up to 64 bytes of a text may belong to words: one bit a byte, the first one lowest.
///
/// Classifying a block at once leaves no loop over the bytes of a word whose end must be guessed.
struct WordBits: Sendable {
    /// How many bytes a block has, but the last one of a text.
    private static let blockBytes = 64

    /// The offset of the first byte.
    private(set) var start = 0
    /// The offset behind the last byte.
    private(set) var end = 0
    /// The letters and digits of ASCII that are still to be taken, and all bytes outside ASCII.
    private(set) var words: UInt64 = 0
    /// The bytes outside ASCII.
    private var others: UInt64 = 0

    /// No bytes, at the start of a text.
    init() {}

    /// Those of `text` from `start` on.
    @inline(__always)
    init(_ text: Span<UInt8>, from start: Int) {
        self.start = start
        end = min(text.count, start + Self.blockBytes)
        var place = 0
        while start + place + 8 <= end {
            add(text.loadInteger(at: start + place, as: UInt64.self), at: place)
            place += 8
        }
        guard start + place < end else { return }
        var rest: UInt64 = 0
        for offset in (start + place..<end).reversed() { rest = rest << 8 | UInt64(text[offset]) }
        // The zeros behind the text belong to no word.
        add(rest, at: place)
    }

    /// Whether one of the bytes `range` of the text, of this block, is outside ASCII.
    @inline(__always)
    func hasOthers(in range: Range<Int>) -> Bool {
        (others &>> UInt64(range.lowerBound - start)) &<< UInt64(64 - range.count) != 0
    }

    /// The bytes of the next word that starts in this block, as far as they belong to it; nil when
    /// there is none.
    @inline(__always)
    var next: Range<Int>? {
        guard words != 0 else { return nil }
        let first = words.trailingZeroBitCount
        let count = (~(words &>> UInt64(first))).trailingZeroBitCount
        return start + first..<start + first + count
    }

    /// Takes away the bytes in front of `offset`.
    @inline(__always)
    mutating func drop(before offset: Int) {
        words &= UInt64.max << UInt64(max(0, offset - start))
    }

    @inline(__always)
    private mutating func add(_ word: UInt64, at place: Int) {
        let outside = word & 0x8080_8080_8080_8080
        others |= Self.gather(outside) << UInt64(place)
        words |= Self.gather(ASCII.alphanumerics(word) | outside) << UInt64(place)
    }

    /// The highest bits of a word's bytes, together.
    @inline(__always)
    private static func gather(_ highest: UInt64) -> UInt64 {
        ((highest >> 7) &* 0x0102_0408_1020_4080) >> 56
    }
}
