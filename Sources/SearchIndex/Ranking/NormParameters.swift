/// What the norms of a field depend on: bounds and ranks computed with some parameters hold only
/// while the same are in force.
struct NormParameters: Hashable, Sendable {
    /// The field's length in tokens, averaged over the documents of the whole index; above zero.
    let averageLength: Double
    /// How fast further occurrences of a term stop counting.
    let k1: Float
    /// How much a field's length counts.
    let b: Float

    init(averageLength: Double, _ field: BM25Parameters = BM25Parameters()) {
        self.averageLength = averageLength
        k1 = field.k1
        b = field.b
    }

    /// The parameters that statistics of an index give one of its fields.
    init(tokens: UInt64, documents: UInt64, _ field: BM25Parameters) {
        self.init(averageLength: Double(max(tokens, 1)) / Double(max(documents, 1)), field)
    }

    /// Whether norms can be computed from them: files may hold any bits.
    var isSound: Bool {
        averageLength > 0 && averageLength.isFinite && BM25Parameters(k1: k1, b: b).isInRange
    }

    /// The norm of each length code.
    func norms() -> [Float] {
        LengthCode.lengths.map {
            BM25.norm(length: $0, averageLength: averageLength, k1: k1, b: b)
        }
    }
}

extension NormParameters: CustomStringConvertible {
    var description: String { "average length \(averageLength), k1 \(k1), b \(b)" }
}
