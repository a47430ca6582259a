/// One step of an analyzer behind its tokenizer.
public enum TokenFilter: Sendable, Hashable {
    /// Unicode's lowercase of every scalar, without regard to language; U+0130 (İ) becomes i and a
    /// combining dot above.
    case lowercase
    /// Letters and digits that ASCII letters and digits stand for (é, ß, ﬁ, Ａ, ²) become those;
    /// combining marks behind ASCII are removed.
    case asciiFolding
    /// Removes the words of a list; their positions stay empty.
    case stop(StopWords)
    /// Replaces every word by its stem.
    case stem(StemmerLanguage)
    /// Removes terms outside these lengths; their positions stay empty.
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

/// Bounds on the length of a term, in characters (Unicode scalars).
public struct TermLengths: Sendable, Hashable {
    /// The greatest bound that may be given.
    public static let maximum = 4096

    /// The lengths kept; within 1 to `maximum`.
    public let range: ClosedRange<Int>

    /// Bounds; nil outside 1 to `maximum`.
    public init?(minimum: Int, maximum: Int) {
        guard minimum >= 1, minimum <= maximum, maximum <= Self.maximum else { return nil }
        range = minimum...maximum
    }
}

/// A filter of single terms, ready to run.
enum TermFilter: Sendable {
    case lowercase
    case asciiFolding
    case stop(StopWords)
    case stem(Snowball)
    case length(ClosedRange<Int>)

    /// The filter's runner; nil for synonyms, which look at more than one term.
    init?(_ filter: TokenFilter) {
        switch filter {
        case .lowercase: self = .lowercase
        case .asciiFolding: self = .asciiFolding
        case .stop(let words): self = .stop(words)
        case .stem(let language):
            guard let stemmer = Snowball(language: language.name) else {
                preconditionFailure("no memory for the stemmer \(language.name)")
            }
            self = .stem(stemmer)
        case .length(let lengths): self = .length(lengths.range)
        case .synonyms: return nil
        }
    }

    /// Changes a term; returns whether it stays.
    func apply(to term: inout TermBuffer) -> Bool {
        switch self {
        case .lowercase: term.lowercase()
        case .asciiFolding: term.foldToASCII()
        case .stop(let words): return !term.withBytes { words.contains($0) }
        case .stem(let stemmer): stemmer.stem(&term)
        case .length(let range): return range.contains(term.scalarCount)
        }
        return true
    }
}
