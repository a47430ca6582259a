/// A term with its place in a text.
public struct Token: Sendable, Hashable {
    /// The term's bytes, valid UTF-8.
    public let term: [UInt8]
    /// The term's position among those of the text; several terms may share one.
    public let position: UInt32
    /// The bytes of the text that the term was made from.
    public let byteRange: Range<Int>

    /// A term at a place.
    public init(term: [UInt8], position: UInt32, byteRange: Range<Int>) {
        self.term = term
        self.position = position
        self.byteRange = byteRange
    }

    init(term: Span<UInt8>, position: UInt32, byteRange: Range<Int>) {
        var bytes: [UInt8] = []
        bytes.append(copying: term)
        self.init(term: bytes, position: position, byteRange: byteRange)
    }
}
