/// The free parameters of BM25 for one field.
public struct BM25Parameters: Sendable, Hashable {
    /// The greatest `k1` a field may have.
    public static let maximumK1: Float = 1000

    /// How fast further occurrences of a term stop counting; 0 to `maximumK1`.
    public let k1: Float
    /// How much a field's length counts; 0 to 1.
    public let b: Float

    /// Parameters; left out, they are `BM25.k1` and `BM25.b`. `Schema.init` checks their range.
    public init(k1: Float = BM25.k1, b: Float = BM25.b) {
        self.k1 = k1
        self.b = b
    }

    /// Whether both are numbers in their range.
    var isInRange: Bool { k1 >= 0 && k1 <= Self.maximumK1 && b >= 0 && b <= 1 }
}
