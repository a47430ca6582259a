/// The terms any of which may stand at a position of a text; the position is relative to the first.
typealias TermAlternatives = (position: UInt32, terms: [[UInt8]])

// How the words of a query become like the terms of a field.
extension TokenStream {
    /// The terms that a text of a query stands for: at each position one or more, any of which may
    /// stand there. Positions ascend.
    ///
    /// Of grams and paths that share a position only the longest is taken, and grams that end where
    /// an earlier one does are left out: the others are part of it.
    mutating func alternatives(of content: Span<UInt8>) -> [TermAlternatives] {
        let stacksTokens = analyzer.tokenizer.stacksTokens
        var places: [TermAlternatives] = []
        var furthest = 0
        for token in tokens(of: content) {
            let isNew = places.last?.position != token.position
            if isNew, stacksTokens, token.byteRange.upperBound <= furthest { continue }
            furthest = token.byteRange.upperBound
            if isNew {
                places.append((token.position, [token.term]))
            } else if stacksTokens {
                places[places.count - 1].terms = [token.term]
            } else {
                places[places.count - 1].terms.append(token.term)
            }
        }
        let first = places.first?.position ?? 0
        return places.map { ($0.position - first, $0.terms) }
    }
}

extension Analyzer {
    /// The one term that a word of ASCII letters and digits stands for, where nothing but its case may
    /// change; nil for any other text or analyzer.
    func term(ofWord content: [UInt8]) -> [UInt8]? {
        guard tokenizer == .standard || tokenizer == .simple,
            filters.isEmpty || filters.count == 1 && filters[0] == .lowercase,
            1...tokenizer.maximumTermBytes ~= content.count,
            ASCII.endOfAlphanumerics(in: content.span, from: 0) == content.count
        else { return nil }
        // Most words are typed as they are searched for.
        let isTerm = filters.isEmpty || content.allSatisfy { ASCII.lowercase($0) == $0 }
        return isTerm ? content : content.map(ASCII.lowercase)
    }

    /// A part of a term, changed by the filters that change single characters; nothing is cut.
    func normalized(_ content: [UInt8]) -> [UInt8] {
        var term = TermBuffer(capacity: max(1, content.count))
        term.append(scalars: 0..<content.count, of: content.span)
        for filter in filters {
            switch filter {
            case .lowercase: term.lowercase()
            case .asciiFolding: term.foldToASCII()
            case .stop, .stem, .length, .synonyms: continue
            }
        }
        return term.array
    }
}
