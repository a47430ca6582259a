/// Cuts text into terms, one at a time, without allocating.
///
/// A tokenizer is made once and used for many texts:
///
///     var tokenizer = Tokenizer(.standard)
///     tokenizer.reset()
///     while tokenizer.next(in: text) {
///         tokenizer.withTerm { term in … }
///     }
///
/// Every call for one text takes the same bytes. They need not be valid UTF-8: a malformed
/// sequence separates terms and is never part of one. Time is linear in the bytes.
public struct Tokenizer: Sendable {
    /// The bytes that a term may grow to: lowercasing makes a scalar of 2 bytes at most 3.
    private static let bufferBytes = 255 * 3 / 2 + UTF8Encoder.maximumLength + 8

    /// How text is cut.
    public let kind: AnalyzerKind
    /// The current term's bytes are the first `termLength` of these; the rest is old data.
    public private(set) var termBuffer: [UInt8]
    /// The number of bytes of the current term, above zero once `next` returned true.
    public private(set) var termLength = 0
    /// The current term's position: terms are counted from the start given to `reset`, those that
    /// were left out for their length included.
    public private(set) var position: UInt32 = 0
    /// The offset of the first byte of the current term in the text.
    public private(set) var startOffset = 0
    /// The offset behind the last byte of the current term in the text.
    public private(set) var endOffset = 0
    /// The position that the next term will have.
    public private(set) var nextPosition: UInt32 = 0

    private let properties = UnicodeProperties.shared
    private var offset = 0

    /// A tokenizer at the start of a text.
    public init(_ kind: AnalyzerKind) {
        self.kind = kind
        self.termBuffer = [UInt8](repeating: 0, count: Self.bufferBytes)
    }

    /// Returns to the start of a text whose first term has `position`.
    public mutating func reset(position: UInt32 = 0) {
        offset = 0
        nextPosition = position
        termLength = 0
    }

    /// Moves to the next term of `text`.
    ///
    /// - Returns: False at the end of the text, or when positions are used up.
    public mutating func next(in text: Span<UInt8>) -> Bool {
        switch kind {
        case .simple: return nextRun(in: text)
        case .standard: return nextSegment(in: text)
        }
    }

    /// Calls `body` with the bytes of the current term.
    @inline(__always)
    public func withTerm<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(termBuffer.span.extracting(0..<termLength))
    }
}

extension Tokenizer {
    private mutating func nextRun(in text: Span<UInt8>) -> Bool {
        while nextPosition < .max {
            let start = startOfRun(in: text, from: offset)
            offset = start
            if start == text.count { return false }
            var end = ASCII.endOfAlphanumerics(in: text, from: start)
            let isASCII = end == text.count || text[end] < 0x80
            if !isASCII { end = endOfRun(in: text, from: end) }
            if take(start..<end, isASCII: isASCII, of: text) { return true }
        }
        return false
    }

    /// The offset of the next alphanumeric scalar, or the end of the text.
    @inline(__always)
    private func startOfRun(in text: Span<UInt8>, from start: Int) -> Int {
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

    private mutating func nextSegment(in text: Span<UInt8>) -> Bool {
        while nextPosition < .max, offset < text.count {
            let start = offset
            if let end = endOfPlainWord(in: text, from: start) {
                if take(start..<end, isASCII: true, of: text) { return true }
            } else if ASCII.cannotStartTerm(text[start]) {
                offset += 1
            } else {
                let segment = WordSegment(text, from: start, properties)
                offset = segment.end
                if segment.isTerm, take(start..<segment.end, isASCII: false, of: text) {
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

    /// Makes `range` the current term, or leaves it out when it is too long.
    @inline(__always)
    private mutating func take(
        _ range: Range<Int>, isASCII: Bool, of text: Span<UInt8>
    ) -> Bool {
        offset = range.upperBound
        position = nextPosition
        nextPosition += 1
        guard range.count <= kind.maximumTermBytes else { return false }
        startOffset = range.lowerBound
        endOffset = range.upperBound
        if isASCII {
            lowercaseASCII(range, of: text)
        } else {
            lowercase(range, of: text)
        }
        return true
    }

    /// Lowercases letters and digits, eight at once; what is behind the term does not count.
    @inline(__always)
    private mutating func lowercaseASCII(_ range: Range<Int>, of text: Span<UInt8>) {
        var output = termBuffer.mutableSpan
        var index = 0
        while index < range.count, text.count - range.lowerBound - index >= 8 {
            let word = text.loadInteger(at: range.lowerBound + index, as: UInt64.self)
            output.storeInteger(word | ASCII.lowercaseBits, at: index)
            index += 8
        }
        while index < range.count {
            output[index] = ASCII.lowercase(text[range.lowerBound + index])
            index += 1
        }
        termLength = range.count
    }

    private mutating func lowercase(_ range: Range<Int>, of text: Span<UInt8>) {
        var length = 0
        var place = range.lowerBound
        while place < range.upperBound {
            let scalar = UTF8Scalar(text, at: place)
            place += scalar.length
            if scalar.value == 0x130 {
                // The one scalar whose lowercase is two: i, combining dot above.
                for byte: UInt8 in [0x69, 0xCC, 0x87] {
                    termBuffer[length] = byte
                    length += 1
                }
            } else {
                UTF8Encoder.encode(properties.lowercase(scalar.value)) { byte in
                    termBuffer[length] = byte
                    length += 1
                }
            }
        }
        termLength = length
    }
}
