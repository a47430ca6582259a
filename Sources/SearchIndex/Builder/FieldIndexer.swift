/// Turns values into terms with positions, field by field.
struct FieldIndexer {
    /// The fields and their tokens so far.
    private(set) var fields: [FieldData] = []
    /// The place in `streams` of each field's analyzer.
    private var streamPlaces: [Int] = []
    private var streams: [TokenStream] = []
    private var text: [UInt8] = []
    private var terms: [UInt32] = []
    private var jumps: [FieldTokens.Jump] = []

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
            terms.removeAll(keepingCapacity: true)
            jumps.removeAll(keepingCapacity: true)
            var place = Place()
            for index in values.indices {
                let value = values[index]
                if value.field > field { following = min(following, value.field) }
                guard value.field == field else { continue }
                guard case .text(let content) = value.content else {
                    addNumber(value, document)
                    continue
                }
                guard content.hasEscapes else {
                    addString(line.extracting(content.range), field, document, &place)
                    continue
                }
                text.removeAll(keepingCapacity: true)
                JSONScanner.unescape(content, of: line, into: &text)
                let text = text
                addString(text.span, field, document, &place)
            }
            if fields[field].hasTerms {
                if fields[field].kind != .text { terms.sortKeepingOneOfEach() }
                fields[field].tokens.append(document: document, terms: terms, jumps: jumps)
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
        _ text: Span<UInt8>, _ field: Int, _ document: UInt32, _ place: inout Place
    ) {
        if fields[field].isColumn, text.count <= Field.maximumKeywordBytes {
            fields[field].column?.append(text, of: document)
        }
        guard fields[field].isIndexed else { return }
        guard fields[field].kind == .text else { return addWhole(text, field) }
        Self.cut(
            text, &streams[streamPlaces[field]], &place, &fields[field].terms, &terms, &jumps)
    }

    private mutating func append(_ field: Field) {
        fields.append(FieldData(field))
        let place = streams.firstIndex { $0.analyzer == field.analyzer } ?? streams.count
        if place == streams.count { streams.append(TokenStream(field.analyzer)) }
        streamPlaces.append(place)
    }

    /// Where the tokens of a document's next value start.
    private struct Place {
        /// The position of its first token.
        var start: UInt32 = 0
        /// The position after the last token so far.
        var expected: UInt32 = 0
    }

    /// Adds a keyword, or a facet's path with all that lead to it.
    private mutating func addWhole(_ text: Span<UInt8>, _ field: Int) {
        guard text.count <= Field.maximumKeywordBytes else { return }
        let isFacet = fields[field].kind == .facet
        let ends = isFacet ? FacetPath.ends(of: text) : [text.count]
        for end in ends {
            terms.append(fields[field].terms.intern(text.extracting(0..<end)))
        }
    }

    /// The most terms of a text that room is made for at once.
    private static let longestRoom = 1 << 16

    /// Appends the terms of `text`, and those of their positions that are jumps.
    private static func cut(
        _ text: Span<UInt8>, _ stream: inout TokenStream, _ place: inout Place,
        _ table: inout TermTable, _ terms: inout [UInt32], _ jumps: inout [FieldTokens.Jump]
    ) {
        // Mostly a text has a term for every second byte at most; those take no look at the array.
        let room = min(text.count / 2 + 1, Self.longestRoom)
        let first = terms.count
        var further: [UInt32] = []
        var next: UInt32 = 0
        terms.append(addingCapacity: room) { output in
            next = stream.forEachPrefixedTerm(of: text, from: place.start) {
                term, prefix, position, _ in
                guard position <= SegmentFormat.maximumPosition else { return false }
                if position != place.expected {
                    let token = first + output.count + further.count
                    jumps.append(.init(token: token, position: position))
                }
                place.expected = position + 1
                let number = table.intern(term, prefix: prefix)
                if output.isFull { further.append(number) } else { output.append(number) }
                return true
            }
        }
        terms += further
        place.start = next > .max - SegmentFormat.valueGap ? .max : next + SegmentFormat.valueGap
    }
}
