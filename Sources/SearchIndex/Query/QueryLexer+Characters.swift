// What single characters mean.
extension QueryLexer {
    mutating func skipSpace(_ text: Span<UInt8>) {
        while offset < text.count {
            let length = Self.spaceLength(text, at: offset)
            if length == 0 { return }
            offset += length
        }
    }

    func missingValue(_ name: [UInt8], _ place: Int) -> QueryError {
        let field = String(decoding: name, as: UTF8.self)
        return QueryError(byteOffset: place, reason: .missingValue(field: field))
    }

    static func isDigitOrPoint(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: ".")
    }

    static func endsWord(_ text: Span<UInt8>, at offset: Int) -> Bool {
        switch text[offset] {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""), UInt8(ascii: "^"): true
        default: spaceLength(text, at: offset) > 0
        }
    }

    /// Whether a clause that is no word can end before `offset`.
    static func endsClause(_ text: Span<UInt8>, at offset: Int) -> Bool {
        offset == text.count || text[offset] == UInt8(ascii: ")")
            || text[offset] == UInt8(ascii: "^") || spaceLength(text, at: offset) > 0
    }

    /// The length of the white-space scalar at `offset`, 0 when there is none.
    static func spaceLength(_ text: Span<UInt8>, at offset: Int) -> Int {
        // Continuation bytes can be met inside a word; they decode to U+FFFD and are no space.
        let scalar = UTF8Scalar(text, at: offset)
        return scalar.isWhiteSpace ? scalar.length : 0
    }
}
