/// One step of an analyzer behind its tokenizer.
public enum TokenFilter: Sendable, Hashable {
    /// Unicode's simple lowercase of every scalar, without regard to language; U+0130 (İ) becomes
    /// i and a combining dot above.
    case lowercase
    /// Letters and digits that ASCII letters and digits stand for (é, ß, ﬁ, Ａ, ²) become those;
    /// a combining mark behind ASCII is removed.
    case asciiFolding
    /// Removes the words of a list; their positions stay empty.
    case stop(StopWords)
    /// Replaces every word by its stem, by the Snowball algorithm of this name.
    case stem(StemmerLanguage)
    /// Removes terms outside these lengths in bytes; their positions stay empty.
    case length(TermLengths)
    /// Adds or replaces words by the rules of a list.
    case synonyms(Synonyms)
}

/// A language, or algorithm, that libstemmer has a stemmer for.
public struct StemmerLanguage: Sendable, Hashable {
    /// The names that libstemmer has.
    public static var all: [String] { Snowball.languages }

    /// The name, such as `english`.
    public let name: String

    /// A language; nil when libstemmer has no such name.
    public init?(_ name: String) {
        guard Snowball.languages.contains(name) else { return nil }
        self.name = name
    }
}

/// Bounds on the length of a term, in bytes.
public struct TermLengths: Sendable, Hashable {
    /// The greatest bound that may be given, which is also the bound on every term.
    public static let maximum = 4096

    /// The lengths kept; within 0 to `maximum`.
    public let range: ClosedRange<Int>

    /// Bounds; nil outside 0 to `maximum`.
    public init?(_ range: ClosedRange<Int>) {
        guard range.lowerBound >= 0, range.upperBound <= Self.maximum else { return nil }
        self.range = range
    }
}
