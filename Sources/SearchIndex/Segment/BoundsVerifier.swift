/// Checks the bounds and ranks of a term's list of several blocks against the scores of all its
/// postings under the field's norms.
struct BoundsVerifier {
    private let norms: [Float]
    private let lengthCodes: [UInt8]
    /// The scores of the list's postings so far, with weight 1.
    private var scores: [Float] = []

    /// - Parameter lengthCodes: of all documents of the segment, in the field.
    init(norms: NormParameters, lengthCodes: [UInt8]) {
        self.norms = norms.norms()
        self.lengthCodes = lengthCodes
    }

    /// Starts with the next list, whose bounds must ascend.
    mutating func begin(_ termBounds: [ScoreBound]) throws(Malformed) {
        scores.removeAll(keepingCapacity: true)
        for (pair, next) in zip(termBounds, termBounds.dropFirst())
        where pair.frequency >= next.frequency || pair.lengthCode >= next.lengthCode {
            throw Malformed(
                at: 0, expected: "bounds that ascend", found: "\(pair) before \(next)")
        }
    }

    /// Checks a block: all postings bounded, and by its first pair, that of one of them, alone under
    /// the norms.
    mutating func verifyBlock(
        _ cursor: PostingsCursor, _ bounds: [ScoreBound], _ termBounds: [ScoreBound]
    ) throws(Malformed) {
        let best = bounds.first.map { BM25.bound($0, norms: norms.span) } ?? 0
        var greatest: Float = 0
        for index in 0..<cursor.count {
            let document = cursor.documents[index]
            let frequency = cursor.frequencies[index]
            let code = lengthCodes[Int(document)]
            guard Self.isBounded(frequency, code, bounds),
                Self.isBounded(frequency, code, termBounds)
            else {
                throw Malformed(
                    at: 0,
                    expected: "bounds of document \(document), \(frequency) times, code \(code)",
                    found: "\(bounds), of the term \(termBounds)")
            }
            greatest = max(greatest, BM25.bound(ownBound(frequency, code), norms: norms.span))
            scores.append(
                BM25.contribution(weight: 1, frequency: frequency, norm: norms[Int(code)]))
        }
        guard best == greatest else {
            throw Malformed(
                at: 0, expected: "the best bound of block \(cursor.block) first, \(greatest)",
                found: "\(best)")
        }
    }

    /// The pair of a posting as it is stored.
    private func ownBound(_ frequency: UInt32, _ code: UInt8) -> ScoreBound {
        ScoreBound(
            frequency: frequency >= UInt32(ScoreBound.anyFrequency) ? .max : frequency,
            lengthCode: LengthCode(rawValue: code))
    }

    /// Checks the stored ranks, once all blocks were verified.
    mutating func verifyRanks(_ ranked: [ScoreBound?]) throws(Malformed) {
        scores.sort(by: >)
        for (rank, pair) in zip(SegmentFormat.storedRanks, ranked) {
            guard let pair else { continue }
            let stored = BM25.contribution(
                weight: 1, frequency: pair.frequency, norm: norms[Int(pair.lengthCode.rawValue)])
            guard rank <= scores.count else {
                throw Malformed(
                    at: 0, expected: "no rank \(rank) of \(scores.count) documents",
                    found: "\(stored)")
            }
            guard stored == scores[rank - 1] else {
                throw Malformed(
                    at: 0, expected: "score \(scores[rank - 1]) at rank \(rank)",
                    found: "\(stored)")
            }
        }
    }

    private static func isBounded(
        _ frequency: UInt32, _ code: UInt8, _ bounds: [ScoreBound]
    ) -> Bool {
        bounds.contains { $0.frequency >= frequency && $0.lengthCode.rawValue <= code }
    }
}

extension ScoreBound: CustomStringConvertible {
    /// Frequency and length code.
    public var description: String {
        "\(frequency == .max ? "any" : String(frequency)) times, code \(lengthCode.rawValue)"
    }
}
