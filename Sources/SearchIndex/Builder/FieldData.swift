/// One field of a run: its terms and its tokens.
struct FieldData: Sendable {
    let field: Field
    // What every value asks of the field, which a copy would share with the other workers.
    let kind: Field.Kind
    let hasTerms: Bool
    let isColumn: Bool
    let isIndexed: Bool
    var terms = TermTable()
    private(set) var tokens = FieldTokens()
    /// Its values by document; nil when it has no column.
    var column: ColumnCollector?
    /// Terms of tokens in the open piece that were not met lately.
    private var pending = TermBatch()
    /// Where those tokens are in the open piece.
    private var pendingPlaces = InlineArray<64, Int>(repeating: 0)

    init(_ field: Field) {
        self.field = field
        kind = field.kind
        hasTerms = field.hasTerms
        isColumn = field.isColumn
        isIndexed = field.isIndexed
        column = field.isColumn ? ColumnCollector(kind: field.kind) : nil
    }

    /// About how many bytes of memory it takes.
    var byteCount: Int {
        terms.byteCount + tokens.byteCount + (column?.byteCount ?? 0)
    }

    /// Adds the next tokens of the current document, which leave the batch.
    mutating func append(_ batch: inout TermBatch) {
        terms.findLatest(&batch)
        let first = tokens.append(batch.numbers.span.extracting(0..<batch.count))
        for index in 0..<batch.missingCount {
            let place = Int(batch.missing[index])
            pendingPlaces[pending.count] = first + place
            pending.append(batch.keys[place])
            if pending.isFull { numberPending() }
        }
        batch.removeAll()
    }

    /// Adds the next token of the current document.
    mutating func append(_ term: Span<UInt8>) { tokens.append(terms.intern(term)) }

    /// Adds all terms of the current document, by their numbers.
    mutating func append(numbers: [UInt32]) { _ = tokens.append(numbers.span) }

    /// Takes note that the next token but `ahead` has this position, which does not follow the one
    /// before.
    mutating func jump(to position: UInt32, ahead: Int) { tokens.jump(to: position, ahead: ahead) }

    /// Ends a document, which must be behind those before.
    mutating func endDocument(_ document: UInt32) {
        tokens.endDocument(document)
        guard tokens.isPieceFull else { return }
        numberPending()
        tokens.closePiece()
    }

    /// Completes the tokens of all documents.
    mutating func finish() { numberPending() }

    private mutating func numberPending() {
        terms.intern(&pending)
        for index in 0..<pending.count {
            tokens.replace(at: pendingPlaces[index], by: pending.numbers[index])
        }
        pending.removeAll()
    }
}
