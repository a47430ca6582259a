/// Finds the parts of a text that show the most of a query.
///
/// Every mark starts a window, which holds the marks behind it as far as the length allows. Windows
/// with more different words of the query are better, then those with more of them, then earlier
/// ones. Taken windows grow to the length on both sides, up to whole words.
struct PassageFinder {
    /// A part of a text.
    struct Passage {
        /// Its bytes; starts and ends at words or at the ends of the text.
        let range: Range<Int>
        /// How many different things that the query looks for it holds.
        let distinct: Int
        /// How many marks it holds.
        let marks: Int

        /// Whether this shows more of the query.
        func isBetter(than other: Passage) -> Bool {
            (distinct, marks) > (other.distinct, other.marks)
        }
    }

    private struct Window {
        /// Places in `marks`.
        let marks: Range<Int>
        let distinct: Int
    }

    private let text: MarkedText
    private let length: Int

    /// A finder of passages of about `length` characters.
    init(_ text: MarkedText, length: Int) {
        self.text = text
        self.length = min(max(1, length), SnippetOptions.maximumLength)
    }

    /// The best passages, at most `limit`, that do not overlap; the best first.
    ///
    /// O(m log m) time for m marks, and O(limit) for each window that overlaps a taken one.
    func best(_ limit: Int) -> [Passage] {
        let windows = windows().sorted { left, right in
            if left.distinct != right.distinct { return left.distinct > right.distinct }
            if left.marks.count != right.marks.count { return left.marks.count > right.marks.count }
            return left.marks.lowerBound < right.marks.lowerBound
        }
        var passages: [Passage] = []
        for window in windows where passages.count < limit {
            let core = core(of: window)
            if passages.contains(where: { $0.range.overlaps(core) }) { continue }
            let range = grown(window, core, passages)
            passages.append(
                Passage(range: range, distinct: window.distinct, marks: window.marks.count))
        }
        return passages
    }

    private func word(_ mark: Int) -> MarkedText.Word { text.words[text.marks[mark].word] }

    /// The window of each mark.
    private func windows() -> [Window] {
        var windows: [Window] = []
        var counts: [Int: Int] = [:]
        var end = 0
        for start in text.marks.indices {
            let limit = word(start).characters.lowerBound + length
            while end < text.marks.count, end <= start || word(end).characters.upperBound <= limit {
                counts[text.marks[end].number, default: 0] += 1
                end += 1
            }
            windows.append(Window(marks: start..<end, distinct: counts.count))
            let number = text.marks[start].number
            counts[number] = counts[number].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
        return windows
    }

    /// The bytes from the first to the last mark.
    private func core(of window: Window) -> Range<Int> {
        let start = word(window.marks.lowerBound).range.lowerBound
        let end = window.marks.reduce(start) { max($0, word($1).range.upperBound) }
        return start..<end
    }

    /// The window with words around it, as many as fit and as other passages leave.
    private func grown(
        _ window: Window, _ core: Range<Int>, _ passages: [Passage]
    ) -> Range<Int> {
        let least = passages.map(\.range.upperBound).filter { $0 <= core.lowerBound }.max() ?? 0
        let most =
            passages.map(\.range.lowerBound).filter { $0 >= core.upperBound }.min()
            ?? text.text.count
        var first = text.marks[window.marks.lowerBound].word
        var last = text.marks[window.marks.upperBound - 1].word
        let characters =
            text.words[last].characters.upperBound - text.words[first].characters.lowerBound
        var before = (length - characters) / 2
        // What is not needed before the core may follow it.
        before = min(before, text.words[first].characters.lowerBound)
        let start = text.words[first].characters.lowerBound - before
        while first > 0, text.words[first - 1].characters.lowerBound >= start,
            text.words[first - 1].range.lowerBound >= least
        { first -= 1 }
        let end = text.words[first].characters.lowerBound + length
        while last + 1 < text.words.count, text.words[last + 1].characters.upperBound <= end,
            text.words[last + 1].range.upperBound <= most
        { last += 1 }
        // Punctuation around the first and last word belongs to the text's ends only.
        let isStart = first == 0 && least == 0
        let isEnd = last + 1 == text.words.count && most == text.text.count
        let lower = isStart ? leading(text.words[first]) : text.words[first].range.lowerBound
        let upper =
            isEnd
            ? trailing(text.words[last]) : max(core.upperBound, text.words[last].range.upperBound)
        return min(lower, core.lowerBound)..<max(upper, core.upperBound)
    }

    /// The start of the text if little precedes its first word.
    private func leading(_ word: MarkedText.Word) -> Int {
        word.characters.lowerBound <= length ? 0 : word.range.lowerBound
    }

    /// The end of the text if little follows its last word.
    private func trailing(_ word: MarkedText.Word) -> Int {
        text.text.count - word.range.upperBound <= length ? text.text.count : word.range.upperBound
    }
}
