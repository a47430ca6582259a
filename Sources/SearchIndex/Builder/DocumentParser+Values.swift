/// Values of the kinds of fields.
extension DocumentParser {
    /// The most bytes of a wrong value that an error shows.
    private static let shownBytes = 40

    /// Reads a value that is no container and not null of a known field.
    mutating func readTyped(
        _ kind: JSONKind, _ field: Int, _ line: Span<UInt8>
    ) throws(ParseFailure) {
        switch (fields[field].kind, kind) {
        case (.text, .string), (.keyword, .string):
            let text = try json { () throws(JSONError) in try scanner.readText(line) }
            take(.text(text), field)
        case (.text, _), (.keyword, _):
            try json { () throws(JSONError) in try scanner.skipValue(line) }
        case (.facet, .string): try readFacet(field, line)
        case (.bool, .bool):
            let value = try json { () throws(JSONError) in try scanner.readBool(line) }
            take(.number(ColumnBits.of(value)), field)
        case (.double, .number): try readDouble(field, line)
        case (.integer, .number), (.date, .number): try readInteger(field, line)
        case (.integer, .string): try readIntegerText(field, line)
        case (.date, .string): try readDate(field, line)
        default: throw wrongValue(field, found: kind.description)
        }
    }

    /// The problem of a value that starts where the scanner is.
    func wrongValue(_ field: Int, found: String, at byteOffset: Int? = nil) -> ParseFailure {
        let name = String(decoding: fields[field].name, as: UTF8.self)
        let reason = BadLine.Reason.wrongValue(
            field: name, found: found, expected: Self.expected(fields[field].kind))
        return .problem(DocumentProblem(byteOffset ?? scanner.byteOffset, reason))
    }

    private static func expected(_ kind: Field.Kind) -> String {
        switch kind {
        case .text, .keyword: "a string"
        case .integer: "an integer of 64 bits, or a string that holds one"
        case .double: "a number"
        case .bool: "true or false"
        case .date:
            "a date like \"2024-05-17\" or \"2024-05-17T08:30:00Z\", or microseconds since 1970"
        case .facet: "a path like \"/a/b\""
        }
    }

    private mutating func take(_ content: Value.Content, _ field: Int) {
        if fields[field].isUsed { values.append(Value(field: field, content: content)) }
    }

    private mutating func readInteger(_ field: Int, _ line: Span<UInt8>) throws(ParseFailure) {
        let range = try json { () throws(JSONError) in try scanner.readNumber(line) }
        guard let value = JSONNumber.integer(range, of: line) else {
            throw wrongValue(field, showing: range, of: line)
        }
        take(.number(ColumnBits.of(value)), field)
    }

    private mutating func readIntegerText(
        _ field: Int, _ line: Span<UInt8>
    ) throws(ParseFailure) {
        let text = try json { () throws(JSONError) in try scanner.readText(line) }
        guard let value = JSONNumber.integer(text.range, of: line) else {
            throw wrongValue(field, showing: text.range, of: line)
        }
        take(.number(ColumnBits.of(value)), field)
    }

    private mutating func readDouble(_ field: Int, _ line: Span<UInt8>) throws(ParseFailure) {
        let value = try json { () throws(JSONError) in try scanner.readDouble(line) }
        take(.number(ColumnBits.of(value)), field)
    }

    private mutating func readDate(_ field: Int, _ line: Span<UInt8>) throws(ParseFailure) {
        let text = try json { () throws(JSONError) in try scanner.readText(line) }
        guard let value = DateText.microseconds(of: line.extracting(text.range)) else {
            throw wrongValue(field, showing: text.range, of: line)
        }
        take(.number(ColumnBits.of(value)), field)
    }

    private mutating func readFacet(_ field: Int, _ line: Span<UInt8>) throws(ParseFailure) {
        let text = try json { () throws(JSONError) in try scanner.readText(line) }
        var path: [UInt8] = []
        JSONScanner.unescape(text, of: line, into: &path)
        guard FacetPath.isValid(path.span) else {
            throw wrongValue(field, showing: text.range, of: line)
        }
        take(.text(text), field)
    }

    private func wrongValue(
        _ field: Int, showing range: Range<Int>, of line: Span<UInt8>
    ) -> ParseFailure {
        let end = min(range.upperBound, range.lowerBound + Self.shownBytes)
        let shown = (range.lowerBound..<end).map { line[$0] }
        let text = String(decoding: shown, as: UTF8.self)
        return wrongValue(
            field, found: end < range.upperBound ? "\"\(text)…\"" : "\"\(text)\"",
            at: range.lowerBound)
    }
}
