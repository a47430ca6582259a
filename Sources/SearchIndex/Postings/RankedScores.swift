/// Finds the documents at the stored ranks of a term's list by score.
///
/// Their scores are thresholds for the first k hits of any query that adds to what the term alone
/// scores: at least k documents reach them.
struct RankedScores {
    private var ratios: [Float] = []

    /// For each of `SegmentFormat.storedRanks` the pair of the document at that rank; nil where the
    /// list is shorter or the pair cannot be stored.
    ///
    /// Scores of one term order as frequency / (frequency + norm). O(n log n) in the postings.
    mutating func ranked(
        _ term: PostingsWriter.Term, _ lengthCodes: Span<UInt8>, norms: [Float]
    ) -> [ScoreBound?] {
        ratios.removeAll(keepingCapacity: true)
        for index in term.documents.indices {
            let code = lengthCodes[Int(term.documents[index])]
            ratios.append(
                BM25.contribution(
                    weight: 1, frequency: term.frequencies[index], norm: norms[Int(code)]))
        }
        var sorted = ratios
        sorted.sort(by: >)
        return SegmentFormat.storedRanks.map { rank in
            guard rank <= sorted.count, let place = ratios.firstIndex(of: sorted[rank - 1]),
                term.frequencies[place] < UInt32(ScoreBound.anyFrequency)
            else { return nil }
            let code = lengthCodes[Int(term.documents[place])]
            return ScoreBound(
                frequency: term.frequencies[place], lengthCode: LengthCode(rawValue: code))
        }
    }
}
