/// The tokens of one field in one run, in the order they came.
struct FieldTokens: Sendable {
    /// The documents that have a value, ascending, even if it has no token.
    private(set) var documents: [UInt32] = []
    /// Where the tokens of each of them end.
    private(set) var ends: [Int] = []
    /// The term of each token.
    private(set) var terms: [UInt32] = []
    /// The position of each token; empty in a field without positions.
    private(set) var positions: [UInt32] = []

    /// About how many bytes of memory they take.
    var byteCount: Int { 12 * documents.count + 4 * (terms.count + positions.count) }

    /// Adds tokens of a document that is not before those added earlier.
    mutating func append(document: UInt32, terms: [UInt32], positions: [UInt32]) {
        if documents.last != document {
            documents.append(document)
            ends.append(self.terms.count)
        }
        self.terms.append(contentsOf: terms)
        self.positions.append(contentsOf: positions)
        ends[ends.count - 1] = self.terms.count
    }

    /// The places of the tokens of the document at `index` of `documents`.
    @inline(__always)
    func tokens(at index: Int) -> Range<Int> {
        (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }
}

/// One field of a run: its terms and its tokens.
struct FieldData: Sendable {
    let field: Field
    var terms = TermTable()
    var tokens = FieldTokens()
    /// Its values by document; nil when it has no column.
    var column: ColumnCollector?

    init(_ field: Field) {
        self.field = field
        column = field.isColumn ? ColumnCollector(kind: field.kind) : nil
    }

    /// About how many bytes of memory it takes.
    var byteCount: Int {
        terms.byteCount + tokens.byteCount + (column?.byteCount ?? 0)
    }
}
