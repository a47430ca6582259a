/// A list of words that an analyzer removes.
public struct StopWords: Sendable, Hashable {
    /// The most words a list may have.
    public static let maximumCount = 10_000
    /// The names of the built-in lists.
    public static let builtIn = ["english"]

    /// The words as UTF-8 bytes, each once, in the order of their bytes.
    public let words: [[UInt8]]

    private let table: TermTable

    /// A list; words that stand twice count once, empty ones not at all.
    ///
    /// - Returns: Nil when there are more than `maximumCount`.
    public init?(_ words: some Sequence<[UInt8]>) {
        let distinct = Set(words.lazy.filter { !$0.isEmpty })
        guard distinct.count <= Self.maximumCount else { return nil }
        self.words = distinct.sorted { BytesOrder.compare($0.span, $1.span) < 0 }
        var table = TermTable()
        for word in self.words { _ = table.intern(word.span) }
        self.table = table
    }

    /// The built-in list for a language; nil when there is none.
    public init?(language: String) {
        guard language == "english" else { return nil }
        self.init(Self.english.split(separator: " ").map { Array($0.utf8) })
    }

    /// Whether the list has the word; allocates nothing.
    func contains(_ word: Span<UInt8>) -> Bool { table.number(of: word) != nil }

    /// Articles, short prepositions and forms of "to be": the words that Lucene and others leave
    /// out of English text.
    private static let english =
        "a an and are as at be but by for if in into is it no not of on or such that the their "
        + "then there these they this to was will with"

    /// Lists are equal when their words are.
    public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    /// Hashes the words.
    public func hash(into hasher: inout Hasher) { hasher.combine(words) }
}
