/// Cuts text into tokens, one at a time, without allocating.
///
/// A tokenizer is made once and used for many texts. Every call for one text takes the same bytes.
/// They need not be valid UTF-8: a malformed sequence separates words and is never part of one;
/// in grams, paths and whole values it counts as U+FFFD. Terms are valid UTF-8. Time is linear in
/// the bytes, of grams in the bytes of the terms.
struct Tokenizer: Sendable {
    /// How text is cut.
    let kind: TokenizerKind
    /// Whether terms are put in lower case as they are cut.
    let lowercases: Bool
    /// The current term, not empty once `next` returned true.
    var term: TermBuffer
    /// The current term's position: counted from the start given to `reset`, those that were left
    /// out for their length included.
    var position: UInt32 = 0
    /// The offset of the first byte of the current term in the text.
    var startOffset = 0
    /// The offset behind the last byte of the current term in the text.
    var endOffset = 0
    /// The position that the next term will have, unless it has the same place.
    var nextPosition: UInt32 = 0

    let properties = UnicodeProperties.shared
    let maximumTermBytes: Int
    var offset = 0
    /// The words of the text around `offset`, for `simple`.
    var bits = WordBits()
    /// The place that has further tokens, of kinds with several at one; nil before its first.
    var place: Place?

    /// The tokens of one place of a text, for kinds with several.
    struct Place {
        /// The offset that all of them start at.
        var start: Int
        /// The offset behind the last one.
        var end: Int
        /// Characters, or parts of the path, of the last one.
        var length = 0
    }

    /// A tokenizer at the start of a text.
    init(_ kind: TokenizerKind, lowercases: Bool) {
        self.kind = kind
        self.lowercases = lowercases
        maximumTermBytes = kind.maximumTermBytes
        term = TermBuffer(capacity: kind.maximumTermBytes)
    }

    /// Returns to the start of a text whose first term has `position`.
    mutating func reset(position: UInt32) {
        offset = 0
        nextPosition = position
        place = nil
        bits = WordBits()
        term.removeAll()
    }

    /// Moves to the next term of `text`.
    ///
    /// - Returns: False at the end of the text, or when positions are used up.
    mutating func next(in text: Span<UInt8>) -> Bool {
        switch kind {
        case .simple: nextRun(in: text)
        case .standard: nextSegment(in: text)
        case .whitespace: nextUnspaced(in: text)
        case .keyword: nextWhole(in: text)
        case .ngram(let shape): nextGram(shape, in: text)
        case .edgeNgram(let shape): nextEdgeGram(shape, in: text)
        case .path(let separator): nextPath(separator.byte, in: text)
        }
    }

    /// Makes `range` the current term, or leaves it out when it is too long.
    @inline(__always)
    private mutating func take(
        _ range: Range<Int>, isASCII: Bool = false, of text: Span<UInt8>
    ) -> Bool {
        guard move(to: range) else { return false }
        if !isASCII {
            setTerm(range, of: text)
        } else if lowercases {
            term.assign(range, of: text) { ASCII.lowercase($0) }
        } else {
            term.assign(range, of: text) { $0 }
        }
        return true
    }

    /// The same for a range of ASCII letters and digits.
    @inline(__always)
    private mutating func takeWord(_ range: Range<Int>, of text: Span<UInt8>) -> Bool {
        guard move(to: range) else { return false }
        term.assign(range, of: text, setting: lowercases ? ASCII.lowercaseBits : 0)
        return true
    }

    /// Makes `range` the current place; false when it is too long for a term.
    @inline(__always)
    private mutating func move(to range: Range<Int>) -> Bool {
        offset = range.upperBound
        position = nextPosition
        nextPosition += 1
        guard range.count <= maximumTermBytes else { return false }
        startOffset = range.lowerBound
        endOffset = range.upperBound
        return true
    }

    /// Makes the scalars of `range` the term, in lower case if they are to be.
    mutating func setTerm(_ range: Range<Int>, of text: Span<UInt8>) {
        if lowercases {
            term.assignLowercase(range, of: text)
        } else {
            term.removeAll()
            term.append(scalars: range, of: text)
        }
    }
}

// Words.
extension Tokenizer {
    /// The next term of the kind `simple`.
    @inline(__always)
    mutating func nextRun(in text: Span<UInt8>) -> Bool {
        while nextPosition < .max {
            guard let run = bits.next else {
                if bits.end >= text.count { return false }
                bits = WordBits(text, from: bits.end)
                continue
            }
            if run.upperBound == bits.end, bits.end < text.count {
                // The run goes on behind the block.
                if run.lowerBound > bits.start {
                    bits = WordBits(text, from: run.lowerBound)
                    continue
                }
            } else if !bits.hasOthers(in: run) {
                bits.drop(before: run.upperBound)
                if takeWord(run, of: text) { return true }
                continue
            }
            if takeScalars(from: run.lowerBound, in: text) { return true }
        }
        return false
    }

    /// The next run from `start` on, which may have scalars outside ASCII or be longer than a block;
    /// false when it is no term.
    private mutating func takeScalars(from start: Int, in text: Span<UInt8>) -> Bool {
        let start = startOfRun(in: text, from: start)
        let end = endOfRun(in: text, from: start)
        bits.drop(before: end)
        if end > bits.end { bits = WordBits(text, from: end) }
        return end > start && take(start..<end, of: text)
    }

    /// The offset of the next alphanumeric scalar, or the end of the text.
    func startOfRun(in text: Span<UInt8>, from start: Int) -> Int {
        var place = start
        while place < text.count {
            let byte = text[place]
            if byte < 0x80 {
                if ASCII.isAlphanumeric(byte) { return place }
                place += 1
            } else {
                let scalar = UTF8Scalar(text, at: place)
                if properties.properties(of: scalar.value).isAlphanumeric { return place }
                place += scalar.length
            }
        }
        return place
    }

    private func endOfRun(in text: Span<UInt8>, from start: Int) -> Int {
        var place = start
        while place < text.count {
            let scalar = UTF8Scalar(text, at: place)
            if !properties.properties(of: scalar.value).isAlphanumeric { break }
            place += scalar.length
        }
        return place
    }

    /// The next term of the kind `standard`.
    @inline(__always)
    mutating func nextSegment(in text: Span<UInt8>) -> Bool {
        while nextPosition < .max, offset < text.count {
            let start = offset
            if let end = endOfPlainWord(in: text, from: start) {
                if takeWord(start..<end, of: text) { return true }
            } else if ASCII.cannotStartTerm(text[start]) {
                offset += 1
            } else {
                let segment = WordSegment(text, from: start, properties)
                offset = segment.end
                if segment.isTerm, take(start..<segment.end, of: text) {
                    return true
                }
            }
        }
        return false
    }

    /// The end of a word of ASCII letters and digits that surely ends where they end, or nil.
    @inline(__always)
    private func endOfPlainWord(in text: Span<UInt8>, from start: Int) -> Int? {
        let end = ASCII.endOfAlphanumerics(in: text, from: start)
        guard end > start else { return nil }
        guard end < text.count else { return end }
        if ASCII.endsWord(text[end]) { return end }
        // A full stop or the like joins only what a letter, a digit or non-ASCII follows.
        guard ASCII.joinsWords(text[end]) else { return nil }
        guard end + 1 < text.count else { return end }
        let following = text[end + 1]
        return following < 0x80 && !ASCII.isAlphanumeric(following) ? end : nil
    }

    private mutating func nextUnspaced(in text: Span<UInt8>) -> Bool {
        while nextPosition < .max {
            var end = offset
            var isASCII = true
            while end < text.count {
                let scalar = UTF8Scalar(text, at: end)
                if !scalar.isWellFormed || scalar.isWhiteSpace {
                    if end > offset { break }
                    offset += scalar.length
                } else if scalar.value >= 0x80 {
                    isASCII = false
                }
                end += scalar.length
            }
            if end == offset { return false }
            if take(offset..<end, isASCII: isASCII, of: text) { return true }
        }
        return false
    }

    private mutating func nextWhole(in text: Span<UInt8>) -> Bool {
        guard offset == 0, !text.isEmpty, nextPosition < .max else { return false }
        return take(0..<text.count, of: text)
    }
}
