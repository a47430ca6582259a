// Several tokens at one place.
extension Tokenizer {
    /// Begins the tokens that start at `start`, at the next position; nothing when those are used up.
    private mutating func begin(at start: Int) -> Place? {
        guard nextPosition < .max else { return nil }
        position = nextPosition
        nextPosition += 1
        return Place(start: start, end: start)
    }

    /// Makes the bytes of a place the current term.
    private mutating func take(_ place: Place, of text: Span<UInt8>) -> Bool {
        self.place = place
        startOffset = place.start
        endOffset = place.end
        setTerm(place.start..<place.end, of: text)
        return true
    }

    /// Whether a character can be part of a gram, as its first or a further one.
    private func isGramCharacter(
        _ scalar: UTF8Scalar, _ shape: GramShape, isFirst: Bool
    ) -> Bool {
        if !shape.ofWords { return true }
        let known = properties.properties(of: scalar.value)
        return known.isAlphanumeric || (!isFirst && known.wordBreak == .extend)
    }

    /// The next term of the kind `ngram`.
    mutating func nextGram(_ shape: GramShape, in text: Span<UInt8>) -> Bool {
        guard !text.isEmpty, var place = place ?? begin(at: 0) else { return false }
        while place.start < text.count {
            if extend(&place, shape, in: text) {
                if place.length >= shape.lengths.lowerBound { return take(place, of: text) }
                continue
            }
            let next = place.start + UTF8Scalar(text, at: place.start).length
            guard next < text.count, let begun = begin(at: next) else { break }
            place = begun
        }
        self.place = Place(start: text.count, end: text.count)
        return false
    }

    /// Adds a character to the gram, if it may be longer and there is one.
    private func extend(_ place: inout Place, _ shape: GramShape, in text: Span<UInt8>) -> Bool {
        guard place.length < shape.lengths.upperBound, place.end < text.count else { return false }
        let scalar = UTF8Scalar(text, at: place.end)
        guard isGramCharacter(scalar, shape, isFirst: place.length == 0) else { return false }
        place.end += scalar.length
        place.length += 1
        return true
    }

    /// The next term of the kind `edge_ngram`.
    mutating func nextEdgeGram(_ shape: GramShape, in text: Span<UInt8>) -> Bool {
        while offset <= text.count {
            if place == nil {
                if shape.ofWords { offset = startOfRun(in: text, from: offset) }
                guard offset < text.count else { return false }
                place = begin(at: offset)
            }
            guard var current = place else { return false }
            while extend(&current, shape, in: text) {
                if current.length >= shape.lengths.lowerBound { return take(current, of: text) }
            }
            place = nil
            offset = shape.ofWords ? endOfWord(in: text, from: current.end) : text.count
        }
        return false
    }

    /// The offset behind the letters, digits and marks from `start` on.
    private func endOfWord(in text: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < text.count {
            let known = properties.properties(of: UTF8Scalar(text, at: end).value)
            guard known.isAlphanumeric || known.wordBreak == .extend else { break }
            end += UTF8Scalar(text, at: end).length
        }
        return end
    }

    /// The next term of the kind `path`.
    mutating func nextPath(_ separator: UInt8, in text: Span<UInt8>) -> Bool {
        if place == nil {
            while offset < text.count, text[offset] == separator { offset += 1 }
            guard offset < text.count else { return false }
            place = begin(at: offset)
        }
        guard var current = place else { return false }
        while current.end < text.count, text[current.end] == separator { current.end += 1 }
        guard current.end < text.count else { return false }
        while current.end < text.count, text[current.end] != separator { current.end += 1 }
        guard current.end - current.start <= maximumTermBytes else { return false }
        _ = take(current, of: text)
        term.removeRepeats(of: separator)
        return true
    }
}
