/// Turns values into terms with positions, field by field and shard by shard.
struct FieldIndexer {
    private var fields: [FieldData] = []
    private let schema: Schema?
    private let shardCount: Int
    /// The place in `streams` of each field's analyzer.
    private var streamPlaces: [Int] = []
    private var streams: [TermStream] = []
    private var text: [UInt8] = []
    private var terms: [UInt32] = []
    private var positions: [UInt32] = []

    init(schema: Schema?, shardCount: Int) {
        self.schema = schema
        self.shardCount = shardCount
        for field in schema?.fields ?? [] { append(field) }
    }

    /// Indexes the values of a document, which has not been added before.
    mutating func add(
        _ values: [DocumentParser.Value], of line: Span<UInt8>, newFields: [[UInt8]],
        _ shard: Int, _ document: UInt32
    ) throws(IndexError) {
        for name in newFields { append(.text(String(decoding: name, as: UTF8.self))) }
        // A field's values may lie apart; all of them are taken together, in their order.
        var remaining = values[...]
        while let field = remaining.map(\.field).min() {
            terms.removeAll(keepingCapacity: true)
            positions.removeAll(keepingCapacity: true)
            var nextPosition: UInt32 = 0
            for value in remaining where value.field == field {
                guard case .text(let content) = value.content else {
                    addNumber(value, shard, document)
                    continue
                }
                text.removeAll(keepingCapacity: true)
                JSONScanner.unescape(content, of: line, into: &text)
                addString(field, shard, document)
                if fields[field].field.isIndexed { addValue(field, &nextPosition) }
            }
            if !fields[field].field.hasTerms {
                remaining.removeAll { $0.field == field }
                continue
            }
            if fields[field].field.kind != .text { terms.sortKeepingOneOfEach() }
            fields[field].shards[shard].append(
                document: document, terms: terms, positions: positions)
            remaining.removeAll { $0.field == field }
        }
    }

    /// Puts a number into its column.
    private mutating func addNumber(
        _ value: DocumentParser.Value, _ shard: Int, _ document: UInt32
    ) {
        guard case .number(let bits) = value.content else { return }
        fields[value.field].columns[shard].append(bits, of: document)
    }

    /// Puts the string in `text` into its field's column, if there is one.
    private mutating func addString(_ field: Int, _ shard: Int, _ document: UInt32) {
        guard fields[field].field.isColumn, text.count <= Field.maximumKeywordBytes else { return }
        let text = text
        fields[field].columns[shard].append(text.span, of: document)
    }

    private mutating func append(_ field: Field) {
        fields.append(
            FieldData(
                field: field, shards: [FieldTokens](repeating: FieldTokens(), count: shardCount),
                columns: field.isColumn
                    ? [ColumnCollector](
                        repeating: ColumnCollector(kind: field.kind), count: shardCount) : []))
        let place = streams.firstIndex { $0.analyzer == field.analyzer } ?? streams.count
        if place == streams.count { streams.append(TermStream(field.analyzer)) }
        streamPlaces.append(place)
    }

    /// Adds the terms of the value in `text`.
    private mutating func addValue(_ field: Int, _ nextPosition: inout UInt32) {
        let text = text
        guard fields[field].field.kind == .text else {
            guard text.count <= Field.maximumKeywordBytes else { return }
            let ends =
                fields[field].field.kind == .facet ? FacetPath.ends(of: text.span) : [text.count]
            for end in ends {
                terms.append(fields[field].terms.intern(text.span.extracting(0..<end)))
            }
            return
        }
        let next = Self.cut(
            text, &streams[streamPlaces[field]], position: nextPosition, &fields[field].terms,
            &terms, &positions)
        nextPosition = next > .max - SegmentFormat.valueGap ? .max : next + SegmentFormat.valueGap
    }

    /// Appends the terms of `text` and their positions; returns the position after the last.
    private static func cut(
        _ text: [UInt8], _ stream: inout TermStream, position: UInt32,
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

extension FieldIndexer {
    /// Fixes schema and global frequencies, counting only documents that were not replaced.
    ///
    /// - Throws: `badInput` when no schema was given and no document has a string.
    func seal(_ shards: [ShardDocuments], name: String) throws(IndexError) -> SealedFields {
        let kept = schema == nil ? keptFields(shards) : Array(fields.indices)
        var schema = schema
        if schema == nil {
            do {
                schema = try Schema(fields: kept.map { fields[$0].field })
            } catch {
                throw IndexError(
                    .badInput, "cannot make a schema from the documents", file: name,
                    found: "\(error)",
                    advice: "give documents with members that are strings, or a schema")
            }
        }
        guard let schema else { preconditionFailure("a schema was given or made") }
        var sealed: [SealedField] = []
        var columns: [SealedColumn] = []
        for (number, field) in kept.enumerated() where fields[field].field.isColumn {
            columns.append(
                SealedColumn(
                    number: FieldNumber(UInt16(number)), field: fields[field].field,
                    shards: fields[field].columns))
        }
        for (number, field) in kept.enumerated() where fields[field].field.hasTerms {
            sealed.append(
                SealedField(fields[field], number: FieldNumber(UInt16(number)), shards))
        }
        return SealedFields(schema: schema, fields: sealed, columns: columns)
    }

    /// The fields that a document has, in the order of their first appearance.
    private func keptFields(_ shards: [ShardDocuments]) -> [Int] {
        var firsts: [(key: OrderKey, field: Int)] = []
        for field in fields.indices {
            var first: OrderKey?
            for (shard, tokens) in fields[field].shards.enumerated() {
                let document = tokens.documents.first { !shards[shard].isDropped[Int($0)] }
                guard let document else { continue }
                let key = shards[shard].orderKeys[Int(document)]
                first = min(first ?? key, key)
            }
            if let first { firsts.append((first, field)) }
        }
        firsts.sort { ($0.key, $0.field) < ($1.key, $1.field) }
        return firsts.map(\.field)
    }
}
