/// Finds the documents at the stored ranks of a term's list by score.
///
/// Their scores are thresholds for the first k hits of any query that adds to what the term alone
/// scores: at least k documents reach them. A score depends on two small numbers only, so postings
/// are counted by these, and the distinct ones put in order.
struct RankedScores {
    /// Frequencies below have their postings counted in `counts`.
    private static let countedFrequencies: UInt32 = 16
    /// The greatest frequency that is told apart; none of that size can be stored.
    private static let greatestFrequency: UInt32 = 1 << 24 - 1

    /// How many postings have a pair, by frequency * 256 + length code.
    private var counts = [UInt32](repeating: 0, count: 16 << 8)
    /// The pairs met, the best first: score, frequency and code, the score's bits inverted. Those
    /// that are not counted come once for each posting.
    private var pairs: [UInt64] = []

    /// Takes the postings of a term; linear in them beside the sorting of the distinct pairs.
    mutating func take(
        _ term: PostingsWriter.Term, _ lengthCodes: Span<UInt8>, norms: [Float]
    ) {
        forgetCounts()
        let documents = term.documents.span
        let frequencies = term.frequencies.span
        var new = pairs
        pairs = []
        new.removeAll(keepingCapacity: true)
        var counts = counts.mutableSpan
        for index in documents.indices {
            let frequency = frequencies[index]
            let code = UInt32(lengthCodes[Int(documents[index])])
            if frequency < Self.countedFrequencies {
                let place = Int(frequency << 8 | code)
                counts[place] += 1
                if counts[place] > 1 { continue }
            }
            let score = BM25.contribution(
                weight: 1, frequency: frequency, norm: norms[Int(code)])
            new.append(
                UInt64(~score.bitPattern) << 32
                    | UInt64(min(frequency, Self.greatestFrequency) << 8 | code))
        }
        new.sort()
        pairs = new
    }

    /// Calls `body` with every pair that a posting has.
    func forEachPair(_ body: (_ frequency: UInt32, _ lengthCode: UInt8) -> Void) {
        for pair in pairs {
            body(UInt32(truncatingIfNeeded: pair) >> 8, UInt8(truncatingIfNeeded: pair))
        }
    }

    /// For each of `SegmentFormat.storedRanks` the pair of the document at that rank; nil where the
    /// list is shorter or the pair cannot be stored.
    ///
    /// Of pairs with the same score the one with the lowest frequency is taken.
    func ranked() -> [ScoreBound?] {
        var ranked: [ScoreBound?] = []
        var passed = 0
        for pair in pairs {
            let place = Int(truncatingIfNeeded: pair & 0xFFFF_FFFF)
            passed += place < counts.count ? Int(counts[place]) : 1
            while ranked.count < SegmentFormat.storedRanks.count,
                passed >= SegmentFormat.storedRanks[ranked.count]
            {
                ranked.append(Self.stored(place))
            }
            if ranked.count == SegmentFormat.storedRanks.count { return ranked }
        }
        let missing = SegmentFormat.storedRanks.count - ranked.count
        return ranked + [ScoreBound?](repeating: nil, count: missing)
    }

    private static func stored(_ pair: Int) -> ScoreBound? {
        let frequency = UInt32(pair >> 8)
        guard frequency < UInt32(ScoreBound.anyFrequency) else { return nil }
        return ScoreBound(
            frequency: frequency, lengthCode: LengthCode(rawValue: UInt8(truncatingIfNeeded: pair)))
    }

    private mutating func forgetCounts() {
        for pair in pairs {
            let place = Int(truncatingIfNeeded: pair & 0xFFFF_FFFF)
            if place < counts.count { counts[place] = 0 }
        }
    }
}
