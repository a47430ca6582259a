/// Runs an analyzer over texts, term by term.
///
/// Made once and used for many texts; not shared between threads while it runs. Terms come in the
/// order of their positions; several may share one, each different then.
public struct TokenStream: Sendable {
    /// The longest term in bytes; longer ones are left out, their position stays empty.
    public static let maximumTermBytes = 4096

    /// The analyzer.
    public let analyzer: Analyzer

    private var tokenizer: Tokenizer
    /// The filters in front of the synonyms, but for a lowercase that the tokenizer does.
    private var filters: [TermFilter]
    private var synonyms: SynonymStage?
    /// The filters behind the synonyms.
    private var lastFilters: [TermFilter]
    /// The terms at the current position, if there may be several.
    private var stack: TermStack?
    private var position: UInt32 = 0
    private var byteRange = 0..<0

    /// A stream for texts of a field with this analyzer.
    public init(_ analyzer: Analyzer) {
        self.analyzer = analyzer
        let place =
            analyzer.synonyms == nil
            ? nil
            : analyzer.filters.firstIndex {
                if case .synonyms = $0 { true } else { false }
            }
        var first = analyzer.filters[..<(place ?? analyzer.filters.count)]
        let lowercases = first.first == .lowercase
        if lowercases { first.removeFirst() }
        tokenizer = Tokenizer(analyzer.tokenizer, lowercases: lowercases)
        filters = first.compactMap(TermFilter.init)
        synonyms = analyzer.synonyms.map(SynonymStage.init)
        lastFilters = place.map { analyzer.filters[($0 + 1)...].compactMap(TermFilter.init) } ?? []
        let canStack = analyzer.tokenizer.stacksTokens || synonyms != nil
        stack = canStack ? TermStack() : nil
    }

    /// Whether terms are the tokenizer's, as they are or in lower case, one a position.
    private var isPlain: Bool { filters.isEmpty && stack == nil }

    /// Calls `body` with every term of `text`, its position, and the bytes it was made from, until it
    /// returns false.
    ///
    /// Terms have at least one byte. Allocates nothing per term, unless there are synonyms or
    /// characters outside ASCII to change.
    ///
    /// - Parameter start: the position of the first term.
    /// - Returns: the position that follows the text's.
    @inline(__always)
    public mutating func forEachTerm(
        of text: Span<UInt8>, from start: UInt32 = 0,
        _ body: Body
    ) -> UInt32 {
        tokenizer.reset(position: start)
        // One loop for each of the common kinds: nothing is decided again for every term.
        switch (isPlain, tokenizer.kind) {
        case (true, .simple): while tokenizer.nextRun(in: text), give(body) {}
        case (true, .standard): while tokenizer.nextSegment(in: text), give(body) {}
        default: return chain(text, body)
        }
        return tokenizer.nextPosition
    }

    /// All terms of `text`, in order.
    public mutating func tokens(of text: Span<UInt8>) -> [Token] {
        var tokens: [Token] = []
        _ = forEachTerm(of: text) { term, position, bytes in
            tokens.append(Token(term: term, position: position, byteRange: bytes))
            return true
        }
        return tokens
    }

    /// What takes a term; see `forEachTerm`.
    public typealias Body = (
        _ term: Span<UInt8>, _ position: UInt32, _ bytes: Range<Int>
    ) -> Bool

    /// The same for a caller that takes most terms of at most `TermHead.byteCount` bytes by their
    /// heads, and does not ask where they stood.
    @inline(__always)
    mutating func forEachTerm(
        of text: Span<UInt8>, from start: UInt32,
        short: (_ head: TermHead, _ length: Int, _ position: UInt32) -> Bool,
        other: (_ term: Span<UInt8>, _ position: UInt32) -> Bool
    ) -> UInt32 {
        let body: Body = { term, position, _ in other(term, position) }
        guard isPlain, tokenizer.kind == .simple else {
            return forEachTerm(of: text, from: start, body)
        }
        tokenizer.reset(position: start)
        while tokenizer.takeShortWords(of: text, short), tokenizer.nextRun(in: text), give(body) {}
        return tokenizer.nextPosition
    }

    @inline(__always)
    private func give(_ body: Body) -> Bool {
        tokenizer.term.withBytes {
            body($0, tokenizer.position, tokenizer.startOffset..<tokenizer.endOffset)
        }
    }
}

// Chains of filters.
extension TokenStream {
    /// The general form of `forEachTerm`, at the start of a text.
    private mutating func chain(_ text: Span<UInt8>, _ body: Body) -> UInt32 {
        synonyms?.reset()
        stack?.removeAll()
        while advance(in: text) {
            let (position, byteRange) = (position, byteRange)
            if !tokenizer.term.withBytes({ body($0, position, byteRange) }) { break }
        }
        return tokenizer.nextPosition - (synonyms?.shift ?? 0)
    }

    /// Moves to the next term that all filters let pass.
    private mutating func advance(in text: Span<UInt8>) -> Bool {
        while synonyms == nil ? advanceFiltered(in: text) : advanceSynonyms(in: text) {
            guard Self.pass(lastFilters, &tokenizer.term),
                tokenizer.term.count <= Self.maximumTermBytes
            else { continue }
            let isNew = stack?.insert(tokenizer.term, at: position)
            if isNew ?? true { return true }
        }
        return false
    }

    /// Moves to the next term behind the filters in front of the synonyms.
    private mutating func advanceFiltered(in text: Span<UInt8>) -> Bool {
        while tokenizer.next(in: text) {
            guard Self.pass(filters, &tokenizer.term) else { continue }
            position = tokenizer.position
            byteRange = tokenizer.startOffset..<tokenizer.endOffset
            return true
        }
        return false
    }

    /// Moves to the next term behind the synonyms.
    private mutating func advanceSynonyms(in text: Span<UInt8>) -> Bool {
        while synonyms?.wantsInput ?? false {
            if advanceFiltered(in: text) {
                let token = Token(
                    term: tokenizer.term.array, position: position, byteRange: byteRange)
                synonyms?.add(token)
            } else {
                synonyms?.end()
            }
        }
        guard let token = synonyms?.next() else { return false }
        tokenizer.term.assign(token.term.span)
        position = token.position
        byteRange = token.byteRange
        return true
    }

    /// Runs filters over a term; returns whether it stays.
    private static func pass(_ filters: [TermFilter], _ term: inout TermBuffer) -> Bool {
        for filter in filters where !filter.apply(to: &term) { return false }
        return term.count > 0
    }
}

/// The different terms at one position.
private struct TermStack: Sendable {
    private var position: UInt32?
    private var terms: [[UInt8]] = []

    mutating func removeAll() { position = nil }

    /// Adds a term; returns false when the position has it already.
    mutating func insert(_ term: TermBuffer, at place: UInt32) -> Bool {
        if position != place {
            position = place
            terms.removeAll(keepingCapacity: true)
        }
        let term = term.array
        if terms.contains(term) { return false }
        terms.append(term)
        return true
    }
}
