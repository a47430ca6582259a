/// Turns values into terms with positions, field by field.
struct FieldIndexer {
    /// The fields and their tokens so far.
    private(set) var fields: [FieldData] = []
    /// The place in `streams` of each field's analyzer.
    private var streamPlaces: [Int] = []
    private var streams: [TokenStream] = []
    private var text: [UInt8] = []
    private var terms: [UInt32] = []
    private var positions: [UInt32] = []

    init(schema: Schema?) {
        for field in schema?.fields ?? [] { append(field) }
    }

    /// About how many bytes of memory the fields take.
    var byteCount: Int { fields.reduce(0) { $0 + $1.byteCount } }

    /// Indexes the values of a document, whose number is above all before.
    mutating func add(
        _ values: [DocumentParser.Value], of line: Span<UInt8>, newFields: [[UInt8]],
        _ document: UInt32
    ) {
        for name in newFields { append(.text(String(decoding: name, as: UTF8.self))) }
        // A field's values may lie apart; all of them are taken together, in their order.
        var field = values.isEmpty ? fields.count : values.map(\.field).min() ?? 0
        while field < fields.count {
            var following = fields.count
            terms.removeAll(keepingCapacity: true)
            positions.removeAll(keepingCapacity: true)
            var nextPosition: UInt32 = 0
            for value in values {
                if value.field > field { following = min(following, value.field) }
                guard value.field == field else { continue }
                guard case .text(let content) = value.content else {
                    addNumber(value, document)
                    continue
                }
                text.removeAll(keepingCapacity: true)
                JSONScanner.unescape(content, of: line, into: &text)
                addString(field, document)
                if fields[field].field.isIndexed { addValue(field, &nextPosition) }
            }
            if fields[field].field.hasTerms {
                if fields[field].field.kind != .text { terms.sortKeepingOneOfEach() }
                fields[field].tokens.append(
                    document: document, terms: terms, positions: positions)
            }
            field = following
        }
    }

    /// Puts a number into its column.
    private mutating func addNumber(_ value: DocumentParser.Value, _ document: UInt32) {
        guard case .number(let bits) = value.content else { return }
        fields[value.field].column?.append(bits, of: document)
    }

    /// Puts the string in `text` into its field's column, if there is one.
    private mutating func addString(_ field: Int, _ document: UInt32) {
        guard fields[field].field.isColumn, text.count <= Field.maximumKeywordBytes else { return }
        let text = text
        fields[field].column?.append(text.span, of: document)
    }

    private mutating func append(_ field: Field) {
        fields.append(FieldData(field))
        let place = streams.firstIndex { $0.analyzer == field.analyzer } ?? streams.count
        if place == streams.count { streams.append(TokenStream(field.analyzer)) }
        streamPlaces.append(place)
    }

    /// Adds the terms of the value in `text`.
    private mutating func addValue(_ field: Int, _ nextPosition: inout UInt32) {
        guard fields[field].field.kind == .text else {
            addWhole(text, field)
            return
        }
        let next = Self.cut(
            text, &streams[streamPlaces[field]], position: nextPosition, &fields[field].terms,
            &terms, &positions)
        nextPosition = next > .max - SegmentFormat.valueGap ? .max : next + SegmentFormat.valueGap
    }

    /// Adds a keyword, or a facet's path with all that lead to it.
    private mutating func addWhole(_ text: [UInt8], _ field: Int) {
        guard text.count <= Field.maximumKeywordBytes else { return }
        let isFacet = fields[field].field.kind == .facet
        let ends = isFacet ? FacetPath.ends(of: text.span) : [text.count]
        for end in ends {
            terms.append(fields[field].terms.intern(text.span.extracting(0..<end)))
        }
    }

    /// Appends the terms of `text` and their positions; returns the position after the last.
    private static func cut(
        _ text: [UInt8], _ stream: inout TokenStream, position: UInt32,
        _ table: inout TermTable, _ terms: inout [UInt32], _ positions: inout [UInt32]
    ) -> UInt32 {
        stream.forEachTerm(of: text.span, from: position) { term, position, _ in
            guard position <= SegmentFormat.maximumPosition else { return false }
            terms.append(table.intern(term))
            positions.append(position)
            return true
        }
    }
}
