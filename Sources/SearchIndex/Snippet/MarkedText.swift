/// A value of a field with the places of the query's words in it.
struct MarkedText {
    /// A word of the text.
    struct Word {
        /// Its bytes in the text.
        let range: Range<Int>
        /// Its characters in the text, counted in scalars.
        let characters: Range<Int>
    }

    /// A word that the query looks for.
    struct Mark {
        /// Its place in `words`.
        let word: Int
        /// Which of the things that the query looks for it is.
        let number: Int
    }

    let text: [UInt8]
    /// In the order of the text; they may overlap.
    let words: [Word]
    /// In the order of the words.
    let marks: [Mark]

    /// Analyses a value of a field; time linear in its bytes.
    init(_ text: [UInt8], field: Field, terms: inout HighlightTerms) {
        self.text = text
        var words: [Word] = []
        var found: [(mark: Mark, position: UInt32)] = []
        var offset = 0
        var characters = 0
        for token in field.highlightTokens(of: text) {
            // Tokens may overlap; characters are counted on from the furthest start so far.
            let start = max(offset, token.byteRange.lowerBound)
            characters += Self.characters(text, offset..<start)
            offset = start
            let length = Self.characters(text, token.byteRange)
            if let number = terms.number(of: token.term) {
                found.append((Mark(word: words.count, number: number), token.position))
            }
            words.append(
                Word(range: token.byteRange, characters: characters..<characters + length))
        }
        self.words = words
        let isInPhrase = Self.phraseMembers(found, terms.phrases)
        marks = found.indices.compactMap { index in
            let mark = found[index].mark
            return isInPhrase[index] || terms.isAlone(mark.number) ? mark : nil
        }
    }

    /// The number of scalars that start in a range.
    private static func characters(_ text: [UInt8], _ range: Range<Int>) -> Int {
        text[range].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    /// Which of the words found are part of a placing of a phrase, as `PhraseQuery` defines it.
    ///
    /// Every start takes a search by halving for each of the phrase's terms.
    private static func phraseMembers(
        _ found: [(mark: Mark, position: UInt32)], _ phrases: [HighlightTerms.Phrase]
    ) -> [Bool] {
        var isMember = [Bool](repeating: false, count: found.count)
        if phrases.isEmpty { return isMember }
        var places: [Int: [Int]] = [:]
        for (index, word) in found.enumerated() {
            places[word.mark.number, default: []].append(index)
        }
        for phrase in phrases {
            for start in phrase.terms.first.flatMap({ places[$0.number] }) ?? [] {
                var members: [Int] = []
                var displacement: UInt64 = 0
                for term in phrase.terms {
                    let wanted = UInt64(found[start].position) + UInt64(term.offset)
                    let nearest = Self.nearest(to: wanted, in: places[term.number] ?? [], found)
                    guard let nearest else { break }
                    members.append(nearest.index)
                    displacement += nearest.distance
                }
                guard members.count == phrase.terms.count, displacement <= phrase.slop else {
                    continue
                }
                for member in members { isMember[member] = true }
            }
        }
        return isMember
    }

    /// The one of some words whose position is nearest to a wanted one, and how far it is.
    private static func nearest(
        to wanted: UInt64, in places: [Int], _ found: [(mark: Mark, position: UInt32)]
    ) -> (index: Int, distance: UInt64)? {
        let next = places.partitioningIndex { UInt64(found[$0].position) >= wanted }
        var best: (index: Int, distance: UInt64)?
        for place in [next, next - 1] where places.indices.contains(place) {
            let position = UInt64(found[places[place]].position)
            let distance = position > wanted ? position - wanted : wanted - position
            if best.map({ distance < $0.distance }) ?? true { best = (places[place], distance) }
        }
        return best
    }
}

extension Field {
    /// The terms of a value with the bytes they were made from; all of it for other kinds than text.
    fileprivate func highlightTokens(of text: [UInt8]) -> [Token] {
        guard kind != .text else { return analyzer.tokens(of: text.span) }
        let ends = kind == .facet ? FacetPath.ends(of: text.span) : [text.count]
        return ends.map { Token(term: Array(text[..<$0]), position: 0, byteRange: 0..<$0) }
    }
}
