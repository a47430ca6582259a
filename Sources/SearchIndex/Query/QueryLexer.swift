/// A word of the query language with its place in the text.
struct QueryToken {
    enum Kind {
        case open, close, and, or, not, plus, minus, end
        /// `*` standing alone.
        case all
        /// `name:`; a word, a quote or a parenthesis follows directly.
        case field([UInt8])
        case word([UInt8])
        case quoted([UInt8])
        /// `^number`.
        case boost(Float)
    }

    let kind: Kind
    /// The offset of the token's first byte.
    let byteOffset: Int
}

/// Cuts a query's text into tokens; docs/query-language.md gives the grammar.
///
/// Every call advances or throws, so a text of n bytes gives at most n + 1 tokens.
struct QueryLexer {
    private var offset = 0
    /// Whether a field's value must come next.
    private var expectsValue: [UInt8]?

    mutating func next(_ text: Span<UInt8>) throws(QueryError) -> QueryToken {
        if expectsValue == nil { skipSpace(text) }
        let start = offset
        let fieldName = expectsValue
        expectsValue = nil
        guard start < text.count else {
            if let fieldName { throw missingValue(fieldName, start) }
            return QueryToken(kind: .end, byteOffset: start)
        }
        let kind: QueryToken.Kind
        switch text[start] {
        case UInt8(ascii: "("): kind = single(.open)
        case UInt8(ascii: "\""): kind = .quoted(try quoted(text))
        case UInt8(ascii: ")") where fieldName == nil: kind = single(.close)
        case UInt8(ascii: "+") where fieldName == nil: kind = try modifier(.plus, "+", text)
        case UInt8(ascii: "-") where fieldName == nil: kind = try modifier(.minus, "-", text)
        case UInt8(ascii: "^") where fieldName == nil: kind = .boost(try boost(text))
        default: kind = try word(text, after: fieldName)
        }
        return QueryToken(kind: kind, byteOffset: start)
    }

    private mutating func single(_ kind: QueryToken.Kind) -> QueryToken.Kind {
        offset += 1
        return kind
    }

    /// `+` or `-`, which must stand directly before a clause.
    private mutating func modifier(
        _ kind: QueryToken.Kind, _ name: String, _ text: Span<UInt8>
    ) throws(QueryError) -> QueryToken.Kind {
        let start = offset
        offset += 1
        if offset == text.count || Self.spaceLength(text, at: offset) > 0 {
            throw QueryError(byteOffset: start, reason: .missingOperand(operator: name))
        }
        return kind
    }

    /// The content of the quote at `offset`, escapes resolved.
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
        let isFollowedRightly =
            offset == text.count || text[offset] == UInt8(ascii: ")")
            || text[offset] == UInt8(ascii: "^") || Self.spaceLength(text, at: offset) > 0
        guard isFollowedRightly else {
            throw QueryError(byteOffset: offset, reason: .textAfterQuote)
        }
        return content
    }

    /// A word, an operator, `*`, or the `name:` at the start of a word.
    private mutating func word(
        _ text: Span<UInt8>, after fieldName: [UInt8]?
    ) throws(QueryError) -> QueryToken.Kind {
        let start = offset
        var content: [UInt8] = []
        var hasEscapes = false
        var firstAsterisk: Int?
        while offset < text.count, !Self.endsWord(text, at: offset) {
            let byte = text[offset]
            if byte == UInt8(ascii: ":"), fieldName == nil {
                return try field(content, start)
            }
            if byte == UInt8(ascii: "*"), firstAsterisk == nil { firstAsterisk = offset }
            hasEscapes = hasEscapes || byte == UInt8(ascii: "\\")
            content.append(try literal(text))
        }
        if let fieldName, content.isEmpty { throw missingValue(fieldName, offset) }
        if let firstAsterisk {
            if offset - start == 1, fieldName == nil { return .all }
            throw QueryError(byteOffset: firstAsterisk, reason: .wildcard)
        }
        if fieldName == nil, !hasEscapes, let known = Self.operators[content] { return known }
        return .word(content)
    }

    private mutating func field(
        _ name: [UInt8], _ start: Int
    ) throws(QueryError) -> QueryToken.Kind {
        if name.isEmpty { throw QueryError(byteOffset: start, reason: .missingField) }
        offset += 1
        expectsValue = name
        return .field(name)
    }

    /// One byte, or the one behind a backslash.
    private mutating func literal(_ text: Span<UInt8>) throws(QueryError) -> UInt8 {
        if text[offset] == UInt8(ascii: "\\") {
            guard offset + 1 < text.count else {
                throw QueryError(byteOffset: offset, reason: .danglingEscape)
            }
            offset += 1
        }
        defer { offset += 1 }
        return text[offset]
    }

    private mutating func boost(_ text: Span<UInt8>) throws(QueryError) -> Float {
        let start = offset
        offset += 1
        var digits = ""
        while offset < text.count, digits.utf8.count < 32, Self.isDigitOrPoint(text[offset]) {
            digits.unicodeScalars.append(Unicode.Scalar(text[offset]))
            offset += 1
        }
        let isEnded = offset == text.count || Self.endsWord(text, at: offset)
        guard isEnded, let value = Float(digits), value <= Field.maximumWeight else {
            throw QueryError(byteOffset: start, reason: .badBoost)
        }
        return value
    }

    private func missingValue(_ name: [UInt8], _ place: Int) -> QueryError {
        let field = String(decoding: name, as: UTF8.self)
        return QueryError(byteOffset: place, reason: .missingValue(field: field))
    }

    private mutating func skipSpace(_ text: Span<UInt8>) {
        while offset < text.count {
            let length = Self.spaceLength(text, at: offset)
            if length == 0 { return }
            offset += length
        }
    }
}

extension QueryLexer {
    private static let operators: [[UInt8]: QueryToken.Kind] = [
        Array("AND".utf8): .and, Array("OR".utf8): .or, Array("NOT".utf8): .not,
    ]

    private static func isDigitOrPoint(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: ".")
    }

    private static func endsWord(_ text: Span<UInt8>, at offset: Int) -> Bool {
        switch text[offset] {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""), UInt8(ascii: "^"): true
        default: spaceLength(text, at: offset) > 0
        }
    }

    /// The length of the white-space scalar at `offset`, 0 when there is none.
    private static func spaceLength(_ text: Span<UInt8>, at offset: Int) -> Int {
        let byte = text[offset]
        if byte < 0x80 { return byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) ? 1 : 0 }
        // Continuation bytes can be met inside a word; they decode to U+FFFD and are no space.
        let scalar = UTF8Scalar(text, at: offset)
        switch scalar.value {
        case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
            return scalar.length
        default: return 0
        }
    }
}
