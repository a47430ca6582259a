/// The name of an analyzer: a built-in one, or one that a schema defines.
public struct AnalyzerName: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The longest name, in UTF-8 bytes.
    public static let maximumBytes = 255

    /// The words of UAX #29, lowercased.
    public static let standard: AnalyzerName = "standard"
    /// Runs of letters and digits, lowercased.
    public static let simple: AnalyzerName = "simple"
    /// What white space separates, as it is.
    public static let whitespace: AnalyzerName = "whitespace"
    /// The whole value as one term, as it is.
    public static let keyword: AnalyzerName = "keyword"

    /// The built-in names: the four above, and every language that libstemmer has.
    public static let builtIn: [AnalyzerName] =
        [.standard, .simple, .whitespace, .keyword]
        + Snowball.languages.map(AnalyzerName.init(rawValue:))

    /// The name's text.
    public let rawValue: String

    /// A name; whether an analyzer has it shows when a schema is made.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A name from a literal.
    public init(stringLiteral value: String) { self.init(rawValue: value) }

    /// The name's text.
    public var description: String { rawValue }
}
