/// Cuts a query's text into tokens; docs/query-language.md gives the grammar.
///
/// Every call advances or throws, so a text of n bytes gives at most n + 1 tokens. In lenient mode
/// no call throws: characters that have no meaning where they stand are passed over or belong to
/// words, and no parenthesis is closed that was not opened.
struct QueryLexer {
    let rules: QueryParser.Rules
    var offset = 0
    /// The field whose value must come next.
    private var expectsValue: [UInt8]?
    /// For each open parenthesis whether its content is in a field.
    private var groups: [Bool] = []

    init(_ rules: QueryParser.Rules) {
        self.rules = rules
    }

    mutating func next(_ text: Span<UInt8>) throws(QueryError) -> QueryToken {
        while true {
            if expectsValue == nil { skipSpace(text) }
            let start = offset
            let fieldName = expectsValue
            expectsValue = nil
            do throws(QueryError) {
                return QueryToken(kind: try kind(text, after: fieldName), byteOffset: start)
            } catch {
                guard rules.isLenient else { throw error }
                // What cannot be read starts with a character of ASCII; without it there are words.
                offset = start + 1
            }
        }
    }

    private mutating func kind(
        _ text: Span<UInt8>, after fieldName: [UInt8]?
    ) throws(QueryError) -> QueryToken.Kind {
        let start = offset
        guard start < text.count else {
            if let fieldName { throw missingValue(fieldName, start) }
            return .end
        }
        let isValue = fieldName != nil || groups.last == true
        if isValue, let value = try rangeOrSet(text) { return value }
        switch text[start] {
        case UInt8(ascii: "("): return try open(isField: isValue)
        case UInt8(ascii: "\""): return try quote(text)
        case UInt8(ascii: ")") where fieldName == nil: return try close()
        case UInt8(ascii: "+") where fieldName == nil: return try modifier(.plus, "+", text)
        case UInt8(ascii: "-") where fieldName == nil: return try modifier(.minus, "-", text)
        case UInt8(ascii: "^") where fieldName == nil: return .boost(try boost(text))
        case UInt8(ascii: "/"):
            if let pattern = expression(text) { return .expression(pattern) }
            return try word(text, after: fieldName)
        default: return try word(text, after: fieldName)
        }
    }

    private mutating func open(isField: Bool) throws(QueryError) -> QueryToken.Kind {
        if rules.isLenient, groups.count == rules.limits.maximumDepth {
            throw QueryError(byteOffset: offset, reason: .tooDeep(limit: rules.limits.maximumDepth))
        }
        groups.append(isField)
        offset += 1
        return .open
    }

    private mutating func close() throws(QueryError) -> QueryToken.Kind {
        if groups.popLast() == nil, rules.isLenient {
            throw QueryError(byteOffset: offset, reason: .unexpectedParenthesis)
        }
        offset += 1
        return .close
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
}

// Words.
extension QueryLexer {
    private static let operators: [[UInt8]: QueryToken.Kind] = [
        Array("AND".utf8): .and, Array("&&".utf8): .and,
        Array("OR".utf8): .or, Array("||".utf8): .or,
        Array("NOT".utf8): .not,
    ]

    /// In bytes.
    private static let longestOperator = 3

    /// A word, an operator, `*`, or the `name:` at the start of a word.
    private mutating func word(
        _ text: Span<UInt8>, after fieldName: [UInt8]?
    ) throws(QueryError) -> QueryToken.Kind {
        let start = offset
        if fieldName == nil, isNegation(text) {
            offset += 1
            return .not
        }
        // Letters and digits mean nothing but themselves, and most words are made of them.
        let end = ASCII.endOfAlphanumerics(in: text, from: offset)
        var word = QueryWord(content: Self.bytes(start..<end, of: text))
        offset = end
        var escaped = Set<Int>()
        while offset < text.count, !Self.endsWord(text, at: offset) {
            let byte = text[offset]
            if byte == UInt8(ascii: ":"), fieldName == nil, isField(word.content, text) {
                return try field(word.content, start)
            }
            if byte == UInt8(ascii: "\\") { escaped.insert(word.content.count) }
            word.content.append(try literal(text))
        }
        let isPlain = offset == end
        if let fieldName, word.content.isEmpty { throw missingValue(fieldName, offset) }
        if escaped.isEmpty, word.content.count <= Self.longestOperator {
            if word.content == [UInt8(ascii: "*")] { return .all }
            if fieldName == nil, let known = Self.operators[word.content] { return known }
        }
        if !isPlain { try readOperators(of: &word, escaped, start) }
        return .word(word)
    }

    private static func bytes(_ range: Range<Int>, of text: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(addingCapacity: range.count) { output in
            for place in range { output.append(text[place]) }
        }
        return bytes
    }

    /// Whether a `!` stands directly before a clause.
    private func isNegation(_ text: Span<UInt8>) -> Bool {
        guard text[offset] == UInt8(ascii: "!"), offset + 1 < text.count else { return false }
        let byte = text[offset + 1]
        return byte == UInt8(ascii: "(") || byte == UInt8(ascii: "\"")
            || byte >= 0x80
                && Self.spaceLength(text, at: offset + 1) == 0
            || ASCII.isAlphanumeric(byte)
    }

    /// Whether the colon at the offset ends a field's name; people type others.
    private func isField(_ name: [UInt8], _ text: Span<UInt8>) -> Bool {
        guard rules.isLenient else { return true }
        guard let index = rules.schema.fieldIndex(forName: name),
            rules.schema.fields[index].isIndexed,
            offset + 1 < text.count
        else { return false }
        return text[offset + 1] != UInt8(ascii: ")") && text[offset + 1] != UInt8(ascii: "^")
            && Self.spaceLength(text, at: offset + 1) == 0
    }

    private mutating func field(
        _ name: [UInt8], _ start: Int
    ) throws(QueryError) -> QueryToken.Kind {
        if name.isEmpty { throw QueryError(byteOffset: start, reason: .missingField) }
        offset += 1
        expectsValue = name
        return .field(name)
    }

    /// Finds wildcards and the distance of a fuzzy word.
    private func readOperators(
        of word: inout QueryWord, _ escaped: Set<Int>, _ start: Int
    ) throws(QueryError) {
        func isPlain(_ place: Int, _ byte: UInt8) -> Bool {
            word.content[place] == byte && !escaped.contains(place)
        }
        let (tildeByte, starByte, markByte) = (
            UInt8(ascii: "~"), UInt8(ascii: "*"), UInt8(ascii: "?")
        )
        let mayHaveAny = word.content.contains {
            $0 == tildeByte || $0 == starByte || $0 == markByte
        }
        guard mayHaveAny else { return }
        if let tilde = word.content.indices.last(where: { isPlain($0, tildeByte) }), tilde > 0,
            word.content[(tilde + 1)...].allSatisfy({ $0 &- UInt8(ascii: "0") < 10 })
        {
            switch String(decoding: word.content[(tilde + 1)...], as: UTF8.self) {
            case "": word.distance = 2
            case "1": word.distance = 1
            case "2": word.distance = 2
            default:
                if rules.isLenient { return }
                throw QueryError(byteOffset: start, reason: .badFuzzy)
            }
            word.content.removeSubrange(tilde...)
            return
        }
        let stars = word.content.indices.filter { isPlain($0, starByte) }
        var marks = word.content.indices.filter { isPlain($0, markByte) }
        if rules.isLenient {
            // People end questions with it.
            marks.removeAll { place in
                word.content[place...].allSatisfy { $0 < 0x80 && !ASCII.isAlphanumeric($0) }
            }
        }
        let hasLetter = word.content.contains { $0 >= 0x80 || ASCII.isAlphanumeric($0) }
        if !stars.isEmpty || hasLetter { word.wildcards = (stars + marks).sorted() }
    }

    /// The pattern between slashes that stand around a whole clause; nil if they do not.
    private mutating func expression(_ text: Span<UInt8>) -> [UInt8]? {
        var place = offset + 1
        var pattern: [UInt8] = []
        while place < text.count, text[place] != UInt8(ascii: "/") {
            if text[place] == UInt8(ascii: "\\"), place + 1 < text.count {
                pattern.append(text[place])
                place += 1
            }
            pattern.append(text[place])
            place += 1
        }
        guard place < text.count, !pattern.isEmpty, Self.endsClause(text, at: place + 1) else {
            return nil
        }
        offset = place + 1
        return pattern
    }

    /// One byte, or the one behind a backslash.
    mutating func literal(_ text: Span<UInt8>) throws(QueryError) -> UInt8 {
        if text[offset] == UInt8(ascii: "\\") {
            if offset + 1 < text.count {
                offset += 1
            } else if !rules.isLenient {
                throw QueryError(byteOffset: offset, reason: .danglingEscape)
            }
        }
        defer { offset += 1 }
        return text[offset]
    }
}
