/// Takes one line of input apart: id, values to index, bytes to store.
///
/// Nothing of a line is used before all of it is found valid. The arrays are reused by the next
/// line.
struct DocumentParser {
    /// A value to index or to put into a column.
    struct Value {
        /// What a value is.
        enum Content {
            /// A string: of text, a keyword, or a path of a facet.
            case text(JSONText)
            /// A number, a date or a truth value in the form of `ColumnBits`.
            case number(UInt64)
        }

        /// The field's place in `fields`, or behind its end in `newFields`.
        let field: Int
        let content: Content
    }

    /// What a field of the build is called and what happens to its values.
    struct KnownField {
        let name: [UInt8]
        let kind: Field.Kind
        /// Whether its values are indexed or put into a column.
        let isUsed: Bool
        let isStored: Bool
    }

    /// The fields known so far.
    private(set) var fields: [KnownField]
    /// The document's id; empty when it has none.
    private(set) var id: [UInt8] = []
    /// The values to index, in the document's order.
    var values: [Value] = []
    /// Fields met for the first time, when the schema is inferred.
    private(set) var newFields: [[UInt8]] = []
    /// The JSON to store; empty if none is.
    private(set) var source: [UInt8] = []
    var scanner = JSONScanner()

    /// Whether fields are made of what the documents have.
    private let infersFields: Bool
    /// Whether members that are no field are refused.
    private let refusesUnknown: Bool
    /// Whether the JSON to store is a copy of some members only.
    private let hasUnstoredFields: Bool
    private let storesSource: Bool
    private var paths: FieldPaths
    /// The keys that lead to the object under the scanner, joined by dots; empty at the top.
    private var path: [UInt8] = []
    /// Whether what is read now goes into `source`, where members are left out of it at all.
    private var isCopying = false

    /// A parser of documents of a schema, or of any when it is nil.
    init(schema: Schema?) {
        infersFields = schema == nil
        refusesUnknown = schema?.unknownFields == .reject
        fields =
            schema?.fields.map {
                KnownField(
                    name: Array($0.name.utf8), kind: $0.kind,
                    isUsed: $0.isIndexed || $0.isColumn, isStored: $0.isStored)
            } ?? []
        paths = FieldPaths(schema?.fields ?? [])
        storesSource = schema?.storesSource ?? true
        hasUnstoredFields = storesSource && schema?.fields.contains { !$0.isStored } ?? false
    }

    /// Parses a line.
    ///
    /// - Throws: The reason and its offset in the line; then no property but `fields` counts.
    mutating func parse(_ line: Span<UInt8>) throws(DocumentProblem) {
        id.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        newFields.removeAll(keepingCapacity: true)
        source.removeAll(keepingCapacity: true)
        path.removeAll(keepingCapacity: true)
        isCopying = hasUnstoredFields
        scanner.reset()
        do {
            try parseDocument(line)
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
            paths.append(name, field: fields.count)
            fields.append(KnownField(name: name, kind: .text, isUsed: true, isStored: true))
        }
        newFields.removeAll(keepingCapacity: true)
    }

    private mutating func parseDocument(_ line: Span<UInt8>) throws(ParseFailure) {
        let kind = try json { () throws(JSONError) in try scanner.peekKind(line) }
        guard kind == .object else { throw problem(.notAnObject(kind)) }
        try parseObject(line)
        try json { () throws(JSONError) in try scanner.finish(line) }
    }

    /// Reads the object that follows, whose path is in `path`.
    ///
    /// Recursion ends where the scanner refuses deeper nesting.
    private mutating func parseObject(_ line: Span<UInt8>) throws(ParseFailure) {
        let pathCount = path.count
        let copies = isCopying
        copy(UInt8(ascii: "{"))
        try json { () throws(JSONError) in try scanner.enterObject(line) }
        while let kind = try json({ () throws(JSONError) in try scanner.nextMember(line) }) {
            if pathCount == 0, isAtID {
                copyKey()
                let start = scanner.byteOffset
                try readID(kind, line)
                copy(line.extracting(start..<scanner.byteOffset))
                continue
            }
            let target = target(pathCount)
            if !target.isKnown, refusesUnknown {
                throw problem(.unknownField(String(decoding: memberPath(pathCount), as: UTF8.self)))
            }
            isCopying = copies && (target.field.map { isStored($0) } ?? true)
            copyKey()
            if target.isPrefix { path = memberPath(pathCount) }
            try readValue(kind, target, line)
            if target.isPrefix { path.removeSubrange(pathCount...) }
            isCopying = copies
        }
        copy(UInt8(ascii: "}"))
    }

    /// Whether the member just met is called `id`.
    private var isAtID: Bool {
        let key = scanner.key.span
        return key.count == 2 && key[0] == UInt8(ascii: "i") && key[1] == UInt8(ascii: "d")
    }

    private mutating func readID(
        _ kind: JSONKind, _ line: Span<UInt8>
    ) throws(ParseFailure) {
        guard id.isEmpty else { throw problem(.repeatedID) }
        let start = scanner.byteOffset
        switch kind {
        case .string:
            let text = try json { () throws(JSONError) in try scanner.readText(line) }
            JSONScanner.unescape(text, of: line, into: &id)
        case .number:
            let range = try json { () throws(JSONError) in try scanner.readNumber(line) }
            guard JSONScanner.isInteger(range, of: line) else {
                throw .problem(DocumentProblem(start, .wrongIDType(kind)))
            }
            id.append(copying: line.extracting(range))
            if id == Array("-0".utf8) { id.removeFirst() }
        default: throw problem(.wrongIDType(kind))
        }
        guard !id.isEmpty, id.count <= IndexBuilder.maximumIDBytes else {
            throw .problem(DocumentProblem(start, .wrongIDLength(bytes: id.count)))
        }
    }

    /// Reads a value of a member, whose path is in `path` if fields have names that go on behind
    /// it; an element of an array when `isElement`.
    private mutating func readValue(
        _ kind: JSONKind, _ target: FieldPaths.Target, _ line: Span<UInt8>,
        isElement: Bool = false
    ) throws(ParseFailure) {
        let start = scanner.byteOffset
        switch kind {
        case .object where target.isPrefix && !takesOnlyItsType(target):
            try parseObject(line)
        case .array where !isElement:
            try readArray(target, line)
        case .object, .array:
            if takesOnlyItsType(target), let field = target.field {
                throw wrongValue(field, found: kind.description)
            }
            try json { () throws(JSONError) in try scanner.skipValue(line) }
            copy(line.extracting(start..<scanner.byteOffset))
        default:
            try readScalar(kind, target.field, line)
            copy(line.extracting(start..<scanner.byteOffset))
        }
    }

    private mutating func readArray(
        _ target: FieldPaths.Target, _ line: Span<UInt8>
    ) throws(ParseFailure) {
        let start = scanner.byteOffset
        let copies = isCopying
        // Objects in it may lose members; without such it is copied as it is.
        isCopying = copies && target.isPrefix
        copy(UInt8(ascii: "["))
        try json { () throws(JSONError) in try scanner.enterArray(line) }
        while let element = try json({ () throws(JSONError) in try scanner.nextElement(line) }) {
            copyComma()
            try readValue(element, target, line, isElement: true)
        }
        copy(UInt8(ascii: "]"))
        isCopying = copies
        if !target.isPrefix { copy(line.extracting(start..<scanner.byteOffset)) }
    }

    private mutating func readScalar(
        _ kind: JSONKind, _ field: Int?, _ line: Span<UInt8>
    ) throws(ParseFailure) {
        if let field, field < fields.count, kind != .null {
            return try readTyped(kind, field, line)
        }
        guard kind == .string, infersFields else {
            return try json { () throws(JSONError) in try scanner.skipValue(line) }
        }
        let text = try json { () throws(JSONError) in try scanner.readText(line) }
        // A field of an inferred schema comes into being with its first string.
        guard let field = field ?? addField() else { return }
        values.append(Value(field: field, content: .text(text)))
    }

    /// Whether values of other types than the field's are refused; text and keyword fields pass
    /// them over.
    private func takesOnlyItsType(_ target: FieldPaths.Target) -> Bool {
        guard let field = target.field, field < fields.count else { return false }
        return fields[field].kind != .text && fields[field].kind != .keyword
    }

    /// What the schema has at the member just met in an object whose path has `pathCount` bytes.
    private mutating func target(_ pathCount: Int) -> FieldPaths.Target {
        let key = scanner.key
        guard pathCount > 0 else {
            let target = paths.target(of: key.span)
            if target.isKnown || newFields.isEmpty { return target }
            return FieldPaths.Target(
                field: newFields.firstIndex(of: key).map { $0 + fields.count }, isPrefix: false)
        }
        path.append(UInt8(ascii: "."))
        path.append(contentsOf: key)
        defer { path.removeSubrange(pathCount...) }
        return paths.target(of: path.span)
    }

    /// The path of the member just met.
    private func memberPath(_ pathCount: Int) -> [UInt8] {
        pathCount == 0 ? scanner.key : path[..<pathCount] + [UInt8(ascii: ".")] + scanner.key
    }

    private func isStored(_ field: Int) -> Bool { field >= fields.count || fields[field].isStored }

    /// Gives the current member's key a field; nil when no schema can name it so.
    private mutating func addField() -> Int? {
        let key = scanner.key
        if let known = newFields.firstIndex(of: key) { return known + fields.count }
        guard fields.count + newFields.count < Schema.maximumFields, !key.isEmpty,
            key.count <= Schema.maximumNameBytes,
            !key.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { return nil }
        newFields.append(key)
        return fields.count + newFields.count - 1
    }

    private mutating func copy(_ byte: UInt8) {
        if isCopying { source.append(byte) }
    }

    private mutating func copy(_ bytes: Span<UInt8>) {
        if isCopying { source.append(copying: bytes) }
    }

    /// Separates the next member or element from the one before.
    private mutating func copyComma() {
        guard isCopying, let last = source.last, last != UInt8(ascii: "{"),
            last != UInt8(ascii: "[")
        else { return }
        source.append(UInt8(ascii: ","))
    }

    private mutating func copyKey() {
        guard isCopying else { return }
        copyComma()
        let key = scanner.key
        JSONWriter.appendQuoted(key.span, to: &source)
        source.append(UInt8(ascii: ":"))
    }

    private mutating func finishSource(_ line: Span<UInt8>) {
        if hasUnstoredFields || !storesSource { return }
        var range = 0..<line.count
        while let first = range.first, line[first] != UInt8(ascii: "{") {
            range = first + 1..<range.upperBound
        }
        while let last = range.last, line[last] != UInt8(ascii: "}") {
            range = range.lowerBound..<last
        }
        source.append(copying: line.extracting(range))
    }

    func problem(_ reason: BadLine.Reason) -> ParseFailure {
        .problem(DocumentProblem(scanner.byteOffset, reason))
    }
}
