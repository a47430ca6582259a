/// How the text of a field becomes terms.
public enum AnalyzerKind: String, Sendable, Hashable, CaseIterable {
    /// Runs of alphanumeric scalars (Unicode Alphabetic, Nd, Nl or No), lowercased.
    ///
    /// Runs of 40 bytes or more are left out, their position stays empty. This is what Tantivy's
    /// tokenizer `default` does.
    case simple
    /// Segments between the word boundaries of UAX #29, lowercased.
    ///
    /// Only segments that hold a letter, a number or an emoji count. Segments of more than 255
    /// bytes are left out, their position stays empty. Scripts written without spaces (Han,
    /// Hiragana, Thai, …) give one term per character, as the rules of UAX #29 say; Katakana and
    /// Hangul give words.
    case standard

    /// The longest run or segment that becomes a term, in UTF-8 bytes before lowercasing.
    public var maximumTermBytes: Int {
        switch self {
        case .simple: 39
        case .standard: 255
        }
    }
}
