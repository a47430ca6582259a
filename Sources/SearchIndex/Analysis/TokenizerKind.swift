/// How text is cut into tokens; every token is a range of the text.
public enum TokenizerKind: Sendable, Hashable {
    /// Runs of alphanumeric scalars (Unicode Alphabetic, Nd, Nl or No).
    ///
    /// Runs of 40 bytes or more are left out, their position stays empty. With lowercasing this is
    /// what Tantivy's tokenizer `default` does.
    case simple
    /// Segments between the word boundaries of UAX #29.
    ///
    /// Only segments that hold a letter, a number or an emoji count. Segments of more than 255
    /// bytes are left out, their position stays empty. Scripts written without spaces (Han,
    /// Hiragana, Thai, …) give one term per character, as the rules of UAX #29 say; Katakana and
    /// Hangul give words.
    case standard
    /// Runs of scalars that are not white space (Unicode White_Space), up to 255 bytes.
    case whitespace
    /// The whole value, up to 1024 bytes; nothing for an empty value.
    case keyword
    /// Every run of `minimum` to `maximum` characters (scalars) of the value, white space included.
    ///
    /// The position is the number of the first character; of one position the longest comes first.
    case ngram(GramLengths)
    /// The first `minimum` to `maximum` characters (scalars) of the value, longest first, all at
    /// the value's position.
    case edgeNgram(GramLengths)
    /// The value up to each separator, and all of it, longest first, all at the value's position:
    /// `a/b/c` gives `a/b/c`, `a/b` and `a`.
    ///
    /// Separators at the start and end, and empty parts, give no token of their own. Paths of more
    /// than 1024 bytes are left out.
    case path(separator: PathSeparator)

    /// The longest range that becomes a term, in bytes of the text.
    public var maximumTermBytes: Int {
        switch self {
        case .simple: 39
        case .standard, .whitespace: 255
        case .ngram, .edgeNgram: GramLengths.maximum * UTF8Encoder.maximumLength
        case .keyword, .path: 1024
        }
    }

    /// Whether every token has a position of its own.
    var givesOneTokenPerPosition: Bool {
        switch self {
        case .simple, .standard, .whitespace, .keyword: true
        case .ngram, .edgeNgram, .path: false
        }
    }
}

/// The lengths of the grams of a tokenizer, in characters (Unicode scalars).
public struct GramLengths: Sendable, Hashable {
    /// The greatest length a gram may have.
    public static let maximum = 64

    /// The shortest and the longest gram, 1 to `GramLengths.maximum`.
    public let range: ClosedRange<Int>

    /// Lengths; nil when they are not in 1 to `GramLengths.maximum`.
    public init?(_ range: ClosedRange<Int>) {
        guard range.lowerBound >= 1, range.upperBound <= Self.maximum else { return nil }
        self.range = range
    }
}

/// What separates the parts of a path: one printable ASCII character.
public struct PathSeparator: Sendable, Hashable {
    /// The separator of files and facets.
    public static let slash = PathSeparator(byte: UInt8(ascii: "/"))

    /// The character.
    public let byte: UInt8

    /// A separator; nil unless it is printable ASCII, 0x20 to 0x7E.
    public init?(_ byte: UInt8) {
        guard (0x20...0x7E).contains(byte) else { return nil }
        self.init(byte: byte)
    }

    private init(byte: UInt8) { self.byte = byte }
}
