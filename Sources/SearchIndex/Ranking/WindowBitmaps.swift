/// Sets of the documents of one window, one set per slot, in one array.
///
/// Documents are given by their distance from the window's first, below `windowLength`.
struct WindowBitmaps {
    /// Documents per window.
    static let windowLength = 4096
    private static let wordsPerSlot = windowLength / 64

    private var words: [UInt64]

    init(slots: Int) {
        words = [UInt64](repeating: 0, count: slots * Self.wordsPerSlot)
    }

    /// Makes the set empty.
    mutating func clear(_ slot: Int) {
        for word in range(slot) { words[word] = 0 }
    }

    /// Makes the set the first `count` documents of the window.
    mutating func fill(_ slot: Int, count: Int) {
        for (index, word) in range(slot).enumerated() {
            let inWord = min(64, max(0, count - index * 64))
            words[word] = inWord == 64 ? .max : (1 << UInt64(inWord)) - 1
        }
    }

    /// Makes the set a copy of another.
    mutating func copy(_ source: Int, to slot: Int) {
        let from = source * Self.wordsPerSlot
        let to = slot * Self.wordsPerSlot
        for index in 0..<Self.wordsPerSlot { words[to + index] = words[from + index] }
    }

    /// Makes the set the documents of a window that a set of the segment's documents holds.
    mutating func copy(_ set: DocumentSet, in window: Window, to slot: Int) {
        let base = slot * Self.wordsPerSlot
        switch set.storage {
        case .bitmap(let source):
            let first = Int(window.first) / 64
            for index in 0..<Self.wordsPerSlot {
                let place = first + index
                words[base + index] = place < source.count ? source[place] : 0
            }
        case .sparse(let documents):
            clear(slot)
            guard var place = DocumentSet.firstIndex(in: documents, notBelow: window.first) else {
                return
            }
            while place < documents.count, documents[place] < window.end {
                insert(Int(documents[place] - window.first), into: slot)
                place += 1
            }
        }
    }

    /// Removes the documents that a set of the segment's documents holds.
    mutating func subtract(_ slot: Int, _ set: DocumentSet, in window: Window) {
        let base = slot * Self.wordsPerSlot
        for index in 0..<Self.wordsPerSlot {
            var rest = words[base + index]
            while rest != 0 {
                let bit = rest.trailingZeroBitCount
                rest &= rest - 1
                if set.contains(window.first + UInt32(index * 64 + bit)) {
                    words[base + index] &= ~(1 << UInt64(bit))
                }
            }
        }
    }

    /// Makes the set the documents that at least `minimum` of some sets hold, at least 1.
    ///
    /// Adds up the sets with one binary number per document whose digits are in words of 64
    /// documents, then compares all digits at once.
    mutating func formThreshold(_ slot: Int, minimum: Int, of sources: [Int]) {
        let digitCount = Int.bitWidth - sources.count.leadingZeroBitCount
        guard minimum <= sources.count else { return clear(slot) }
        var digits = [UInt64](repeating: 0, count: digitCount)
        for index in 0..<Self.wordsPerSlot {
            for digit in digits.indices { digits[digit] = 0 }
            for source in sources {
                var carry = words[source * Self.wordsPerSlot + index]
                for digit in digits.indices where carry != 0 {
                    let next = digits[digit] & carry
                    digits[digit] ^= carry
                    carry = next
                }
            }
            var isGreater: UInt64 = 0
            var isEqual = UInt64.max
            for digit in digits.indices.reversed() {
                let wanted: UInt64 = minimum >> digit & 1 == 1 ? .max : 0
                isGreater |= isEqual & digits[digit] & ~wanted
                isEqual &= ~(digits[digit] ^ wanted)
            }
            words[slot * Self.wordsPerSlot + index] = isGreater | isEqual
        }
    }

    /// Adds the documents of another set.
    mutating func formUnion(_ slot: Int, with source: Int) {
        let from = source * Self.wordsPerSlot
        let to = slot * Self.wordsPerSlot
        for index in 0..<Self.wordsPerSlot { words[to + index] |= words[from + index] }
    }

    /// Keeps only documents of another set.
    mutating func formIntersection(_ slot: Int, with source: Int) {
        let from = source * Self.wordsPerSlot
        let to = slot * Self.wordsPerSlot
        for index in 0..<Self.wordsPerSlot { words[to + index] &= words[from + index] }
    }

    /// Removes the documents of another set.
    mutating func subtract(_ slot: Int, _ source: Int) {
        let from = source * Self.wordsPerSlot
        let to = slot * Self.wordsPerSlot
        for index in 0..<Self.wordsPerSlot { words[to + index] &= ~words[from + index] }
    }

    /// Adds one document.
    @inline(__always)
    mutating func insert(_ document: Int, into slot: Int) {
        words[slot * Self.wordsPerSlot + document >> 6] |= 1 << UInt64(document & 63)
    }

    /// Whether the set holds a document.
    @inline(__always)
    func contains(_ document: Int, in slot: Int) -> Bool {
        words[slot * Self.wordsPerSlot + document >> 6] >> UInt64(document & 63) & 1 == 1
    }

    /// Calls `body` with the documents that two sets hold both, ascending.
    @inline(__always)
    func forEach(in slot: Int, and other: Int, _ body: (Int) -> Void) {
        for index in 0..<Self.wordsPerSlot {
            var rest = word(index, of: slot) & word(index, of: other)
            while rest != 0 {
                body(index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    /// Whether two sets have a document in common.
    func intersects(_ slot: Int, _ other: Int) -> Bool {
        (0..<Self.wordsPerSlot).contains { word($0, of: slot) & word($0, of: other) != 0 }
    }

    /// Whether the set is empty.
    func isEmpty(_ slot: Int) -> Bool {
        range(slot).allSatisfy { words[$0] == 0 }
    }

    /// Whether the set holds a document from `first` through `last`.
    func containsAny(from first: Int, through last: Int, in slot: Int) -> Bool {
        let base = slot * Self.wordsPerSlot
        let firstWord = first >> 6
        let lastWord = last >> 6
        let head = UInt64.max << UInt64(first & 63)
        let tail = UInt64.max >> UInt64(63 - last & 63)
        if firstWord == lastWord { return words[base + firstWord] & head & tail != 0 }
        if words[base + firstWord] & head != 0 || words[base + lastWord] & tail != 0 { return true }
        return words[base + firstWord + 1..<base + lastWord].contains { $0 != 0 }
    }

    /// The number of documents in the set.
    func count(_ slot: Int) -> Int {
        range(slot).reduce(0) { $0 + words[$1].nonzeroBitCount }
    }

    /// The 64 documents of the set from `64 * index` on, lowest bit first.
    @inline(__always)
    func word(_ index: Int, of slot: Int) -> UInt64 {
        words[slot * Self.wordsPerSlot + index]
    }

    private func range(_ slot: Int) -> Range<Int> {
        slot * Self.wordsPerSlot..<(slot + 1) * Self.wordsPerSlot
    }
}
