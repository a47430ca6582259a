// How the words of a query become like the terms of a field.
extension Analyzer {
    /// The terms that a text of a query stands for: at each position one or more, any of which may
    /// stand there. Positions ascend, and are relative to the first.
    ///
    /// Of grams and paths that share a position only the longest is taken, and grams that end where
    /// an earlier one does are left out: the others are part of it.
    func alternatives(of content: Span<UInt8>) -> [(position: UInt32, terms: [[UInt8]])] {
        var places: [(position: UInt32, terms: [[UInt8]])] = []
        var furthest = 0
        for token in tokens(of: content) {
            let isNew = places.last?.position != token.position
            if isNew, tokenizer.stacksTokens, token.byteRange.upperBound <= furthest { continue }
            furthest = token.byteRange.upperBound
            if isNew {
                places.append((token.position, [token.term]))
            } else if tokenizer.stacksTokens {
                places[places.count - 1].terms = [token.term]
            } else {
                places[places.count - 1].terms.append(token.term)
            }
        }
        let first = places.first?.position ?? 0
        return places.map { ($0.position - first, $0.terms) }
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
