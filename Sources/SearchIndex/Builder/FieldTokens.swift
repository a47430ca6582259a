/// The tokens of one field in one shard, in the order they came.
struct FieldTokens {
    /// The documents that have a value, ascending, even if it has no token.
    private(set) var documents: [UInt32] = []
    /// Where the tokens of each of them end.
    private(set) var ends: [Int] = []
    /// The term of each token.
    private(set) var terms: [UInt32] = []
    /// The position of each token; empty in a keyword field.
    private(set) var positions: [UInt32] = []

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
    func tokens(at index: Int) -> Range<Int> {
        (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }
}

/// One field during a build: its terms, numbered over all shards, and its tokens.
struct FieldData {
    let field: Field
    var terms = TermTable()
    var shards: [FieldTokens]
    /// The values of each shard; empty when the field has no column.
    var columns: [ColumnCollector]
}
