/// Turns values into terms with positions, field by field.
struct FieldIndexer {
    /// The fields and their tokens so far.
    private var fields: [FieldData] = []
    /// The place in `streams` of each field's analyzer.
    private var streamPlaces: [Int] = []
    private var streams: [TokenStream] = []
    private var text: [UInt8] = []
    private var intake = TextIntake()
    /// The terms of a document's keywords.
    private var keywords: [UInt32] = []

    init(schema: Schema?) {
        for field in schema?.fields ?? [] { append(field) }
    }

    /// About how many bytes of memory the fields take.
    var byteCount: Int { fields.reduce(0) { $0 + $1.byteCount } }

    /// Indexes the values of a document, whose number is above all before.
    mutating func add(
        _ values: Span<DocumentParser.Value>, of line: Span<UInt8>, newFields: Span<[UInt8]>,
        _ document: UInt32
    ) {
        for index in newFields.indices {
            append(.text(String(decoding: newFields[index], as: UTF8.self)))
        }
        // A field's values may lie apart; all of them are taken together, in their order.
        var field = fields.count
        for index in values.indices { field = min(field, values[index].field) }
        while field < fields.count {
            var following = fields.count
            intake.reset()
            keywords.removeAll(keepingCapacity: true)
            for index in values.indices {
                let value = values[index]
                if value.field > field { following = min(following, value.field) }
                guard value.field == field else { continue }
                guard case .text(let content) = value.content else {
                    addNumber(value, document)
                    continue
                }
                guard content.hasEscapes else {
                    addString(line.extracting(content.range), field, document)
                    continue
                }
                text.removeAll(keepingCapacity: true)
                JSONScanner.unescape(content, of: line, into: &text)
                let text = text
                addString(text.span, field, document)
            }
            if fields[field].hasTerms {
                if fields[field].kind != .text {
                    keywords.sortKeepingOneOfEach()
                    fields[field].append(numbers: keywords)
                }
                fields[field].endDocument(document)
            }
            field = following
        }
    }

    /// Puts a number into its column.
    private mutating func addNumber(_ value: DocumentParser.Value, _ document: UInt32) {
        guard case .number(let bits) = value.content else { return }
        fields[value.field].column?.append(bits, of: document)
    }

    /// Puts a string into its field's column, if there is one, and its terms among the document's.
    private mutating func addString(
        _ text: Span<UInt8>, _ field: Int, _ document: UInt32
    ) {
        if fields[field].isColumn, text.count <= Field.maximumKeywordBytes {
            fields[field].column?.append(text, of: document)
        }
        guard fields[field].isIndexed else { return }
        guard fields[field].kind == .text else { return addWhole(text, field) }
        Self.cut(text, &streams[streamPlaces[field]], &fields[field], &intake)
    }

    private mutating func append(_ field: Field) {
        fields.append(FieldData(field))
        let place = streams.firstIndex { $0.analyzer == field.analyzer } ?? streams.count
        if place == streams.count { streams.append(TokenStream(field.analyzer)) }
        streamPlaces.append(place)
    }

    /// Adds a keyword, or a facet's path with all that lead to it.
    private mutating func addWhole(_ text: Span<UInt8>, _ field: Int) {
        guard text.count <= Field.maximumKeywordBytes else { return }
        let isFacet = fields[field].kind == .facet
        let ends = isFacet ? FacetPath.ends(of: text) : [text.count]
        for end in ends {
            keywords.append(fields[field].terms.intern(text.extracting(0..<end)))
        }
    }

    /// Takes the tokens of `text`.
    private static func cut(
        _ text: Span<UInt8>, _ stream: inout TokenStream, _ field: inout FieldData,
        _ intake: inout TextIntake
    ) {
        let next = stream.forEachTerm(of: text, from: intake.start) { head, length, position in
            intake.take(head, length: length, at: position, &field)
        } other: { term, position in
            intake.take(term, at: position, &field)
        }
        intake.endText(at: next, &field)
    }

    /// The fields with all their tokens; nothing may be added any more.
    mutating func finish() -> [FieldData] {
        for index in fields.indices { fields[index].finish() }
        return fields
    }
}
