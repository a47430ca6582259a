/// Which of up to 64 bytes of a text may belong to words: one bit a byte, the first one lowest.
///
/// Classifying a block at once leaves no loop over the bytes of a word whose end must be guessed.
struct WordBits: Sendable {
    /// How many bytes a block has, but the last one of a text.
    static let blockBytes = 64

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
        let count = end - start - place
        var rest: UInt64 = 0
        if end >= 8 {
            // The last eight bytes, without those in front.
            rest = text.loadInteger(at: end - 8, as: UInt64.self) &>> UInt64(8 * (8 - count))
        } else {
            for offset in (0..<end).reversed() { rest = rest << 8 | UInt64(text[offset]) }
        }
        // The zeros behind the text belong to no word.
        add(rest, at: place)
    }

    /// Whether one of the bytes `range` of the text, of this block, is outside ASCII.
    @inline(__always)
    func hasOthers(in range: Range<Int>) -> Bool {
        hasOthers(from: range.lowerBound - start, count: range.count)
    }

    /// Whether one of `count` bytes, at least 1, is outside ASCII; the first is counted from the
    /// block's start.
    @inline(__always)
    func hasOthers(from first: Int, count: Int) -> Bool {
        (others &>> UInt64(first)) &<< UInt64(64 - count) != 0
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
        words |= Self.gather(ASCII.alphanumerics(word) | outside) &<< UInt64(place)
        if outside != 0 { others |= Self.gather(outside) &<< UInt64(place) }
    }

    /// The highest bits of a word's bytes, together.
    @inline(__always)
    private static func gather(_ highest: UInt64) -> UInt64 {
        ((highest >> 7) &* 0x0102_0408_1020_4080) >> 56
    }
}
