/// A list of words that an analyzer removes.
public struct StopWords: Sendable, Hashable {
    /// The most words a list may have.
    public static let maximumCount = 10_000
    /// The longest word, in bytes.
    public static let maximumWordBytes = 255
    /// The languages of the built-in lists, in alphabetical order.
    public static let languages = lists.map(\.language)

    /// The words as UTF-8 bytes, each once, in the order of their bytes.
    public let words: [[UInt8]]
    private let table: TermTable

    /// A list; words that stand twice count once, empty ones not at all.
    ///
    /// - Returns: Nil when there are more than `maximumCount`, or one is too long.
    public init?(_ words: some Sequence<[UInt8]>) {
        let distinct = Set(words.lazy.filter { !$0.isEmpty })
        guard distinct.count <= Self.maximumCount,
            distinct.allSatisfy({ $0.count <= Self.maximumWordBytes })
        else { return nil }
        self.words = distinct.sorted { BytesOrder.compare($0.span, $1.span) < 0 }
        var table = TermTable()
        for word in self.words { _ = table.intern(word.span) }
        self.table = table
    }

    /// The built-in list of a language; nil when there is none.
    public init?(language: String) {
        guard let list = Self.lists.first(where: { $0.language == language }) else { return nil }
        self.init(list.words.split { $0.isWhitespace }.map { Array($0.utf8) })
    }

    /// Whether the list has the word; allocates nothing.
    func contains(_ word: Span<UInt8>) -> Bool { table.number(of: word) != nil }

    /// Lists are equal when their words are.
    public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    /// Hashes the words.
    public func hash(into hasher: inout Hasher) { hasher.combine(words) }
}
