/// Takes one line of input apart: id, values to index, bytes to store.
///
/// Nothing of a line is used before all of it is found valid. The arrays are reused by the next
/// line.
struct DocumentParser {
    /// A string to index.
    struct Value {
        /// The field's place in `fields`, or behind its end in `newFields`.
        let field: Int
        let text: JSONText
    }

    /// What a field of the build is called and what happens to its values.
    struct KnownField {
        let name: [UInt8]
        let isIndexed: Bool
        let isStored: Bool
    }

    /// The fields known so far.
    private(set) var fields: [KnownField]
    /// The document's id; nil when it has none.
    private(set) var id: [UInt8]?
    /// The values to index, in the document's order.
    private(set) var values: [Value] = []
    /// Fields met for the first time, when the schema is inferred.
    private(set) var newFields: [[UInt8]] = []
    /// The JSON to store.
    private(set) var source: [UInt8] = []

    private let schema: Schema?
    private let hasUnstoredFields: Bool
    private var scanner = JSONScanner()

    /// A parser of documents of a schema, or of any when it is nil.
    init(schema: Schema?) {
        self.schema = schema
        fields =
            schema?.fields.map {
                KnownField(
                    name: Array($0.name.utf8), isIndexed: $0.isIndexed, isStored: $0.isStored)
            } ?? []
        hasUnstoredFields = schema?.fields.contains { !$0.isStored } ?? false
    }

    /// Parses a line.
    ///
    /// - Throws: The reason and its offset in the line; then no property but `fields` counts.
    mutating func parse(_ line: Span<UInt8>) throws(DocumentProblem) {
        id = nil
        values.removeAll(keepingCapacity: true)
        newFields.removeAll(keepingCapacity: true)
        source.removeAll(keepingCapacity: true)
        scanner.reset()
        do {
            try parseObject(line)
        } catch {
            switch error {
            case .json(let error): throw DocumentProblem(error.byteOffset, .json(error))
            case .problem(let problem): throw problem
            }
        }
        finishSource(line)
    }

    /// Makes the fields met for the first time known.
    mutating func adoptNewFields() {
        for name in newFields {
            fields.append(KnownField(name: name, isIndexed: true, isStored: true))
        }
        newFields.removeAll(keepingCapacity: true)
    }

    private mutating func parseObject(_ line: Span<UInt8>) throws(ParseFailure) {
        let kind = try json { () throws(JSONError) in try scanner.peekKind(line) }
        guard kind == .object else { throw problem(.notAnObject(kind)) }
        try json { () throws(JSONError) in try scanner.enterObject(line) }
        while let kind = try json({ () throws(JSONError) in try scanner.nextMember(line) }) {
            let start = scanner.byteOffset
            if scanner.key == Self.idKey {
                try readID(kind, line)
                keepMember(start, line)
                continue
            }
            let field = fieldNumber()
            if field == nil, schema?.unknownFields == .reject {
                throw problem(.unknownField(String(decoding: scanner.key, as: UTF8.self)))
            }
            try readValues(kind, field, line)
            if field.map({ isStored($0) }) ?? true { keepMember(start, line) }
        }
        try json { () throws(JSONError) in try scanner.finish(line) }
    }

    private static let idKey = Array("id".utf8)

    private mutating func readID(
        _ kind: JSONKind, _ line: Span<UInt8>
    ) throws(ParseFailure) {
        guard id == nil else { throw problem(.repeatedID) }
        let start = scanner.byteOffset
        var bytes: [UInt8] = []
        switch kind {
        case .string:
            try json { () throws(JSONError) in try scanner.readString(line, into: &bytes) }
        case .number:
            let range = try json { () throws(JSONError) in try scanner.readNumber(line) }
            guard JSONScanner.isInteger(range, of: line) else {
                throw .problem(DocumentProblem(start, .wrongIDType(kind)))
            }
            bytes.append(copying: line.extracting(range))
            if bytes == Array("-0".utf8) { bytes.removeFirst() }
        default: throw problem(.wrongIDType(kind))
        }
        guard !bytes.isEmpty, bytes.count <= IndexBuilder.maximumIDBytes else {
            throw .problem(DocumentProblem(start, .wrongIDLength(bytes: bytes.count)))
        }
        id = bytes
    }

    private mutating func readValues(
        _ kind: JSONKind, _ field: Int?, _ line: Span<UInt8>
    ) throws(ParseFailure) {
        switch kind {
        case .string: try readText(field, line)
        case .array:
            try json { () throws(JSONError) in try scanner.enterArray(line) }
            while let element = try json({ () throws(JSONError) in
                try scanner.nextElement(line)
            }) {
                if element == .string {
                    try readText(field, line)
                } else {
                    try json { () throws(JSONError) in try scanner.skipValue(line) }
                }
            }
        default: try json { () throws(JSONError) in try scanner.skipValue(line) }
        }
    }

    private mutating func readText(_ field: Int?, _ line: Span<UInt8>) throws(ParseFailure) {
        let text = try json { () throws(JSONError) in try scanner.readText(line) }
        // A field of an inferred schema comes into being with its first string.
        guard let field = field ?? (schema == nil ? addField() : nil) else { return }
        guard field >= fields.count || fields[field].isIndexed else { return }
        values.append(Value(field: field, text: text))
    }

    private func fieldNumber() -> Int? {
        if let known = fields.firstIndex(where: { $0.name == scanner.key }) { return known }
        return newFields.firstIndex(of: scanner.key).map { $0 + fields.count }
    }

    private func isStored(_ field: Int) -> Bool { field >= fields.count || fields[field].isStored }

    /// Gives the current member's key a field; nil when no schema can name it so.
    private mutating func addField() -> Int? {
        if let known = fieldNumber() { return known }
        let key = scanner.key
        guard fields.count + newFields.count < Schema.maximumFields, !key.isEmpty,
            key.count <= Schema.maximumNameBytes,
            !key.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { return nil }
        newFields.append(key)
        return fields.count + newFields.count - 1
    }

    /// Adds the member just read to `source`, where members are left out of it at all.
    private mutating func keepMember(_ start: Int, _ line: Span<UInt8>) {
        guard hasUnstoredFields else { return }
        let lead: Unicode.Scalar = source.isEmpty ? "{" : ","
        source.append(UInt8(ascii: lead))
        let key = scanner.key
        JSONWriter.appendQuoted(key.span, to: &source)
        source.append(UInt8(ascii: ":"))
        source.append(copying: line.extracting(start..<scanner.byteOffset))
    }

    private mutating func finishSource(_ line: Span<UInt8>) {
        guard !hasUnstoredFields else {
            if source.isEmpty { source.append(UInt8(ascii: "{")) }
            source.append(UInt8(ascii: "}"))
            return
        }
        var range = 0..<line.count
        while let first = range.first, line[first] != UInt8(ascii: "{") {
            range = first + 1..<range.upperBound
        }
        while let last = range.last, line[last] != UInt8(ascii: "}") {
            range = range.lowerBound..<last
        }
        source.append(copying: line.extracting(range))
    }

    private func problem(_ reason: BadLine.Reason) -> ParseFailure {
        .problem(DocumentProblem(scanner.byteOffset, reason))
    }
}

/// Why a line is no document, and where in the line.
struct DocumentProblem: Error {
    let byteOffset: Int
    let reason: BadLine.Reason

    init(_ byteOffset: Int, _ reason: BadLine.Reason) {
        self.byteOffset = byteOffset
        self.reason = reason
    }
}

/// A problem on its way out of the parser.
private enum ParseFailure: Error {
    case json(JSONError)
    case problem(DocumentProblem)
}

private func json<Result>(
    _ body: () throws(JSONError) -> Result
) throws(ParseFailure) -> Result {
    do { return try body() } catch { throw .json(error) }
}
