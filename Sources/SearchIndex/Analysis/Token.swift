/// A term with its place in a text.
public struct Token: Sendable, Hashable {
    /// The term's bytes, lowercased.
    public let term: [UInt8]
    /// The term's position among the terms of the text.
    public let position: UInt32
    /// The bytes of the text that the term was made from.
    public let byteRange: Range<Int>

    /// A term at a place.
    public init(term: [UInt8], position: UInt32, byteRange: Range<Int>) {
        self.term = term
        self.position = position
        self.byteRange = byteRange
    }
}

extension AnalyzerKind {
    /// All terms of `text`, in order; for short texts, such as queries.
    public func tokens(of text: Span<UInt8>) -> [Token] {
        var tokenizer = Tokenizer(self)
        var tokens: [Token] = []
        while tokenizer.next(in: text) {
            tokens.append(
                Token(
                    term: Array(tokenizer.termBuffer[..<tokenizer.termLength]),
                    position: tokenizer.position,
                    byteRange: tokenizer.startOffset..<tokenizer.endOffset))
        }
        return tokens
    }
}
