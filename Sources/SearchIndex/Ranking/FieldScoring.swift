/// What the scores of a field's terms in a segment depend on beside the postings, and the terms that
/// were asked for.
final class FieldScoring: Sendable {
    let norms: FieldNorms
    /// Where the field's length codes start in the file.
    let lengthsOffset: Int
    /// Whether the norms are those that the segment's stored bounds were computed with.
    let isAsBuilt: Bool
    private let known = AtomicOnce<KnownTerms>()

    init(norms: FieldNorms, field: FieldReader) {
        self.norms = norms
        lengthsOffset = field.lengths.range.lowerBound
        isAsBuilt = field.buildNorms == norms.parameters
    }

    /// Terms that were asked for; made for the first that is.
    var terms: KnownTerms { known.value ?? known.set(KnownTerms()) }

    /// The contribution of a term or phrase with a frequency of at least 1 to a document.
    @inline(__always)
    func contribution(
        _ weight: Float, _ document: UInt32, _ frequency: UInt32, _ bytes: Span<UInt8>
    ) -> Float {
        let code = Int(bytes[lengthsOffset + Int(document)])
        return BM25.contribution(weight: weight, frequency: frequency, norm: norms.norms[code])
    }

    /// A frequency, at least 1, below which a term or phrase contributes less than `needed`, above
    /// zero, to a document.
    @inline(__always)
    func leastFrequency(
        _ weight: Float, _ document: UInt32, reaching needed: Float, _ bytes: Span<UInt8>
    ) -> Int {
        let code = Int(bytes[lengthsOffset + Int(document)])
        return BM25.leastFrequency(weight: weight, norm: norms.norms[code], reaching: needed)
    }
}

/// Scores documents of one term with tables that the caller holds.
struct TermScorer {
    let weight: Float
    let lengthsOffset: Int

    /// The contribution of the term to a document: the same number as `FieldScoring.contribution`.
    @inline(__always)
    func contribution(
        _ document: UInt32, _ frequency: UInt32, _ ratios: Span<Float>, _ norms: Span<Float>,
        _ bytes: Span<UInt8>
    ) -> Float {
        let code = Int(bytes[lengthsOffset &+ Int(document)])
        if frequency <= UInt32(FieldNorms.tabulated) {
            return weight * ratios[Int(frequency &- 1) << 8 | code]
        }
        return BM25.contribution(weight: weight, frequency: frequency, norm: norms[code])
    }
}

/// Why a search over lists stops: damaged bytes, or its control says so.
enum ListFailure: Error {
    case malformed(Malformed)
    case search(SearchError)
}

extension WorkMeter {
    /// `spend` for the list algorithms.
    @inline(__always)
    mutating func spendOrFail(_ documents: Int) throws(ListFailure) {
        do { try spend(documents) } catch { throw .search(error) }
    }
}
