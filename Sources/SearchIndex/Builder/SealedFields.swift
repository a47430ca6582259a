/// The fields of a build once all input is known.
struct SealedFields {
    let schema: Schema
    /// The indexed fields, in the schema's order.
    let fields: [SealedField]
    /// The columns, in the schema's order.
    let columns: [SealedColumn]

    /// The statistics of the whole index.
    func statistics(_ shards: [ShardDocuments]) -> CollectionStatistics {
        CollectionStatistics(
            documents: shards.reduce(0) { $0 + UInt64($1.liveCount) },
            fields: fields.map {
                FieldStatistics(
                    name: $0.data.field.name, tokens: $0.tokenCounts.reduce(0, +))
            })
    }
}

/// The values of one field with a column, by shard.
struct SealedColumn {
    let number: FieldNumber
    let field: Field
    let shards: [ColumnCollector]
}

/// One field of a build once all input is known.
struct SealedField {
    let number: FieldNumber
    let data: FieldData
    /// The documents of all shards that hold each term.
    let globalFrequencies: [UInt64]
    /// The sum of the lengths in each shard.
    let tokenCounts: [UInt64]
    /// The terms' numbers in the order of their bytes.
    let termOrder: [UInt32]

    /// Counts the tokens of the documents that were not replaced.
    init(_ data: FieldData, number: FieldNumber, _ shards: [ShardDocuments]) {
        self.number = number
        self.data = data
        var frequencies = [UInt64](repeating: 0, count: data.terms.count)
        var lastSeen = [Int](repeating: -1, count: data.terms.count)
        var counts: [UInt64] = []
        var stamp = 0
        for (shard, tokens) in data.shards.enumerated() {
            var total: UInt64 = 0
            for (index, document) in tokens.documents.enumerated()
            where !shards[shard].isDropped[Int(document)] {
                let range = tokens.tokens(at: index)
                total += UInt64(Self.length(range.count, data.field))
                for token in range {
                    let term = Int(tokens.terms[token])
                    if lastSeen[term] != stamp {
                        lastSeen[term] = stamp
                        frequencies[term] += 1
                    }
                }
                stamp += 1
            }
            counts.append(total)
        }
        globalFrequencies = frequencies
        tokenCounts = counts
        termOrder = data.terms.sortedNumbers()
    }

    /// A document's length in tokens: of keywords 1, or 0 without any.
    static func length(_ tokens: Int, _ field: Field) -> UInt32 {
        field.kind != .text ? UInt32(min(1, tokens)) : UInt32(clamping: tokens)
    }
}
