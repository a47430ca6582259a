// Quotes, ranges and sets.
extension QueryLexer {
    /// A quote with the slop behind it.
    mutating func quote(_ text: Span<UInt8>) throws(QueryError) -> QueryToken.Kind {
        let content = try quoted(text)
        let slop = try slop(text)
        guard rules.isLenient || Self.endsClause(text, at: offset) else {
            throw QueryError(byteOffset: offset, reason: .textAfterQuote)
        }
        return .quoted(content, slop: slop)
    }

    /// The content of the quote at the offset, escapes resolved.
    private mutating func quoted(_ text: Span<UInt8>) throws(QueryError) -> [UInt8] {
        let start = offset
        var content: [UInt8] = []
        offset += 1
        while offset < text.count, text[offset] != UInt8(ascii: "\"") {
            content.append(try literal(text))
        }
        guard offset < text.count else {
            throw QueryError(byteOffset: start, reason: .unclosedQuote)
        }
        offset += 1
        return content
    }

    /// The number behind `~`, 0 without one.
    private mutating func slop(_ text: Span<UInt8>) throws(QueryError) -> UInt32 {
        guard offset < text.count, text[offset] == UInt8(ascii: "~") else { return 0 }
        let start = offset
        var value: UInt32?
        offset += 1
        while offset < text.count, text[offset] &- UInt8(ascii: "0") < 10 {
            let digit = UInt32(text[offset] - UInt8(ascii: "0"))
            value = min(QueryLimits.maximumSlop + 1, (value ?? 0) * 10 + digit)
            offset += 1
        }
        if let value, value <= QueryLimits.maximumSlop { return value }
        if rules.isLenient { return 0 }
        throw QueryError(byteOffset: start, reason: .badSlop)
    }

    /// A range, a comparison or a set, where a field's value stands; nil if there is none.
    mutating func rangeOrSet(_ text: Span<UInt8>) throws(QueryError) -> QueryToken.Kind? {
        switch text[offset] {
        case UInt8(ascii: "["), UInt8(ascii: "{"): return .range(try range(text))
        case UInt8(ascii: ">"), UInt8(ascii: "<"): return .range(try comparison(text))
        default:
            guard let bracket = startOfSet(text) else { return nil }
            let start = offset
            offset = bracket
            do throws(QueryError) {
                return .set(try set(text))
            } catch {
                if !rules.isLenient { throw error }
                offset = start
                return nil
            }
        }
    }

    /// `[low TO high]`, with `{` or `}` for an end that does not belong to it.
    private mutating func range(_ text: Span<UInt8>) throws(QueryError) -> RangeText {
        let isLowerInclusive = text[offset] == UInt8(ascii: "[")
        offset += 1
        let low = try value(text)
        skipSpace(text)
        let place = offset
        let word = try value(text)
        guard let word, word.bytes == Array("TO".utf8) else {
            throw QueryError(byteOffset: place, reason: .badRange)
        }
        let high = try value(text)
        skipSpace(text)
        guard offset < text.count,
            text[offset] == UInt8(ascii: "]") || text[offset] == UInt8(ascii: "}")
        else { throw QueryError(byteOffset: offset, reason: .badRange) }
        let isUpperInclusive = text[offset] == UInt8(ascii: "]")
        offset += 1
        try checkClauseEnds(text, .badRange)
        return RangeText(
            lower: low.map { RangeText.Bound(value: $0, isInclusive: isLowerInclusive) },
            upper: high.map { RangeText.Bound(value: $0, isInclusive: isUpperInclusive) })
    }

    /// `>`, `>=`, `<` or `<=` with a word or quote directly behind it.
    private mutating func comparison(_ text: Span<UInt8>) throws(QueryError) -> RangeText {
        let isLower = text[offset] == UInt8(ascii: ">")
        offset += 1
        let isInclusive = offset < text.count && text[offset] == UInt8(ascii: "=")
        if isInclusive { offset += 1 }
        let start = offset
        var bytes: [UInt8] = []
        if offset < text.count, text[offset] == UInt8(ascii: "\"") {
            bytes = try quoted(text)
        } else {
            while offset < text.count, !Self.endsWord(text, at: offset) {
                bytes.append(try literal(text))
            }
        }
        guard !bytes.isEmpty else { throw QueryError(byteOffset: start, reason: .badRange) }
        try checkClauseEnds(text, .badRange)
        let bound = RangeText.Bound(
            value: ValueText(bytes: bytes, byteOffset: start), isInclusive: isInclusive)
        return RangeText(lower: isLower ? bound : nil, upper: isLower ? nil : bound)
    }

    /// Where the bracket of `IN […]` is, if one starts at the offset.
    private func startOfSet(_ text: Span<UInt8>) -> Int? {
        var lexer = self
        lexer.skipSpace(text)
        for byte in "IN".utf8 {
            guard lexer.offset < text.count, text[lexer.offset] == byte else { return nil }
            lexer.offset += 1
        }
        lexer.skipSpace(text)
        let place = lexer.offset
        return place < text.count && text[place] == UInt8(ascii: "[") ? place : nil
    }

    private mutating func set(_ text: Span<UInt8>) throws(QueryError) -> [ValueText] {
        let opening = offset
        offset += 1
        var values: [ValueText] = []
        while true {
            skipSpace(text)
            guard offset < text.count else {
                throw QueryError(byteOffset: opening, reason: .badSet)
            }
            if text[offset] == UInt8(ascii: "]") { break }
            guard let value = try value(text) else {
                throw QueryError(byteOffset: offset - 1, reason: .badSet)
            }
            values.append(value)
        }
        guard !values.isEmpty else { throw QueryError(byteOffset: opening, reason: .badSet) }
        offset += 1
        try checkClauseEnds(text, .badSet)
        return values
    }

    /// A quote, or a word that ends at white space or a bracket; nil for an open end, `*`.
    private mutating func value(_ text: Span<UInt8>) throws(QueryError) -> ValueText? {
        skipSpace(text)
        let start = offset
        if offset < text.count, text[offset] == UInt8(ascii: "\"") {
            return ValueText(bytes: try quoted(text), byteOffset: start)
        }
        var bytes: [UInt8] = []
        while offset < text.count, text[offset] != UInt8(ascii: "]"),
            text[offset] != UInt8(ascii: "}"), Self.spaceLength(text, at: offset) == 0
        {
            bytes.append(try literal(text))
        }
        guard !bytes.isEmpty else { throw QueryError(byteOffset: start, reason: .badRange) }
        let isOpen = bytes == [UInt8(ascii: "*")] && offset == start + 1
        return isOpen ? nil : ValueText(bytes: bytes, byteOffset: start)
    }

    private func checkClauseEnds(
        _ text: Span<UInt8>, _ reason: QueryError.Reason
    ) throws(QueryError) {
        guard rules.isLenient || Self.endsClause(text, at: offset) else {
            throw QueryError(byteOffset: offset, reason: reason)
        }
    }
}
