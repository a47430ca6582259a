/// What scoring needs to know of a whole index, counting the documents physically present.
public struct CollectionStatistics: Hashable, Sendable {
    /// The number of documents in all shards.
    public let documents: UInt64
    /// The fields, in the schema's order; only indexed ones.
    public let fields: [FieldStatistics]

    /// Statistics of an index.
    public init(documents: UInt64, fields: [FieldStatistics]) {
        self.documents = documents
        self.fields = fields
    }

    /// The statistics of the field called `name`, compared as bytes.
    public func field(named name: some StringProtocol) -> FieldStatistics? {
        fields.first { $0.name.utf8.elementsEqual(name.utf8) }
    }
}

/// What scoring needs to know of one field of a whole index.
public struct FieldStatistics: Hashable, Sendable {
    /// The field's name.
    public let name: String
    /// The sum of the field's lengths over all documents, in tokens.
    public let tokens: UInt64

    /// Statistics of a field.
    public init(name: String, tokens: UInt64) {
        self.name = name
        self.tokens = tokens
    }
}
