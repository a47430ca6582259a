/// The BM25 scoring function (Robertson and Zaragoza, "The Probabilistic Relevance Framework:
/// BM25 and Beyond", 2009, section 3), in the form of Lucene and Tantivy.
///
/// score = weight * tf / (tf + norm), with
/// weight = boost * idf * (1 + k1), idf = ln(1 + (N - n + 0.5) / (n + 0.5)) and
/// norm = k1 * (1 - b + b * length / average length).
///
/// N is the number of documents in the whole index and n the number that hold the term. Logarithm
/// and norm are computed in `Double` and rounded once; everything after is `Float`. The score rises with
/// tf and falls with the length.
public enum BM25 {
    /// How fast further occurrences of a term stop counting.
    public static let k1: Float = 1.2
    /// How much a field's length counts.
    public static let b: Float = 0.75

    /// The inverse document frequency of a term in `frequency` of `documents` documents.
    ///
    /// A frequency above the number of documents, which only damaged files give, counts as it.
    public static func inverseDocumentFrequency(
        documents: UInt64, frequency: UInt64
    ) -> Float {
        let n = Double(min(frequency, documents))
        return Float(NaturalLogarithm.of(1 + (Double(documents) - n + 0.5) / (n + 0.5)))
    }

    /// What a leaf's saturated frequency is multiplied by; never a negative zero, which a boost may be.
    ///
    /// - Parameters:
    ///   - inverseDocumentFrequency: Of a phrase the sum over its terms, in order.
    ///   - k1: That of the field.
    public static func weight(
        boost: Float, inverseDocumentFrequency: Float, k1: Float = k1
    ) -> Float {
        boost * (inverseDocumentFrequency * (1 + k1)) + 0
    }

    /// The norm of a field of `length` terms where the average is `averageLength`, above zero.
    public static func norm(
        length: UInt32, averageLength: Double, k1: Float = k1, b: Float = b
    ) -> Float {
        Float(
            Double(k1) * (1 - Double(b) + Double(b) * Double(length) / averageLength))
    }

    /// The contribution of one leaf to a document's score.
    ///
    /// - Parameter frequency: Occurrences in the document, at least 1.
    @inline(__always)
    public static func contribution(weight: Float, frequency: UInt32, norm: Float) -> Float {
        let tf = Float(frequency)
        return weight * (tf / (tf + norm))
    }

    /// A frequency from 1 on below which no frequency contributes `needed`, which is above zero: the
    /// contribution solved for tf, of a share lowered by more than rounding can have cost.
    @inline(__always)
    static func leastFrequency(weight: Float, norm: Float, reaching needed: Float) -> Int {
        let share = needed / weight * (1 - 16 * Float.ulpOfOne)
        guard share < 1 else { return 1 }
        return 1 + Int(max(0, min(norm * (share / (1 - share)), greatestLeast)))
    }

    /// Where it does not rise any more: no document that much is asked of is worth a closer look.
    private static let greatestLeast: Float = 1000

    /// What no posting that a pair bounds exceeds as frequency / (frequency + norm).
    ///
    /// In `Float` that quotient falls with the norm, always, and rises with the frequency as long as
    /// steps are greater than rounding, which holds for small frequencies; above, the bound is
    /// widened by four units in the last place.
    @inline(__always)
    static func bound(_ pair: ScoreBound, norms: Span<Float>) -> Float {
        guard pair.frequency < exactFrequencies else {
            return pair.frequency == .max
                ? widened
                : min(
                    widened,
                    contribution(
                        weight: widened, frequency: pair.frequency,
                        norm: norms[Int(pair.lengthCode.rawValue)]))
        }
        return contribution(
            weight: 1, frequency: pair.frequency, norm: norms[Int(pair.lengthCode.rawValue)])
    }

    /// What the score of a frequency is multiplied by to bound those of lower ones.
    @inline(__always)
    static func slack(_ frequency: UInt32) -> Float {
        frequency < exactFrequencies ? 1 : widened
    }

    /// Frequencies below have exact bounds.
    static let exactFrequencies: UInt32 = 16
    /// 1, widened for rounding.
    static let widened: Float = 1 + 4 * Float.ulpOfOne
}
