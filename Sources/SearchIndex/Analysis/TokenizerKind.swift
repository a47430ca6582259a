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
    /// Runs of scalars that are not white space (Unicode White_Space).
    ///
    /// Runs of more than 255 bytes are left out, their position stays empty.
    case whitespace
    /// The whole value, up to 1024 bytes; nothing for an empty value.
    case keyword
    /// All grams of a text, shortest first; a gram's position is the number of its first character.
    case ngram(GramShape)
    /// The grams at the start of the value, or of each of its words, shortest first.
    ///
    /// All grams of the value, or of a word, have one position.
    case edgeNgram(GramShape)
    /// The paths that lead to a path, shortest first, all at one position: `/a/b/c` gives `a`,
    /// `a/b` and `a/b/c`.
    ///
    /// Empty parts count for nothing. Paths of more than 1024 bytes of the text are left out.
    case path(PathSeparator)

    /// The longest range that becomes a term, in bytes of the text.
    public var maximumTermBytes: Int {
        switch self {
        case .simple: 39
        case .standard, .whitespace: 255
        case .ngram, .edgeNgram: GramShape.maximumLength * UTF8Encoder.maximumLength
        case .keyword, .path: 1024
        }
    }

    /// Whether a position can have several tokens, each the start of the next.
    var stacksTokens: Bool {
        switch self {
        case .simple, .standard, .whitespace, .keyword: false
        case .ngram, .edgeNgram, .path: true
        }
    }
}

/// Which grams a tokenizer makes; characters are Unicode scalars.
public struct GramShape: Sendable, Hashable {
    /// The greatest length a gram may have.
    public static let maximumLength = 64
    /// The most lengths that the grams at one place of an `ngram` tokenizer may have.
    public static let maximumSpread = 16

    /// The shortest and the longest gram, 1 to `maximumLength`.
    public let lengths: ClosedRange<Int>
    /// Whether grams are made of words, runs of letters and digits with their combining marks,
    /// instead of the whole value.
    public let ofWords: Bool

    /// A shape; nil when the lengths are not in 1 to `maximumLength`.
    public init?(minimum: Int, maximum: Int, ofWords: Bool = false) {
        guard minimum >= 1, minimum <= maximum, maximum <= Self.maximumLength else { return nil }
        self.lengths = minimum...maximum
        self.ofWords = ofWords
    }
}

/// What separates the parts of a path: one ASCII character that is neither letter nor digit.
public struct PathSeparator: Sendable, Hashable {
    /// The separator of files and facets.
    public static let slash = PathSeparator(byte: UInt8(ascii: "/"))

    /// The character.
    public let byte: UInt8

    /// A separator; nil unless it is printable ASCII, 0x20 to 0x7E, and no letter or digit.
    public init?(_ byte: UInt8) {
        guard (0x20...0x7E).contains(byte), !ASCII.isAlphanumeric(byte) else { return nil }
        self.init(byte: byte)
    }

    private init(byte: UInt8) { self.byte = byte }
}
