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
