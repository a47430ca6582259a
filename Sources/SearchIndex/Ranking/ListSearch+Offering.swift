// The last step: what is left of a batch goes to the collector.
extension ListSearch {
    /// Offers what is left of the batch, with canonical scores.
    mutating func offer(
        leader: inout TermList, into collector: inout TopKCollector, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        guard batch.count > 0 else { return }
        if phrase != nil {
            return try offerPhrases(leader: &leader, into: &collector, bytes)
        }
        batch.addUp(leaves)
        for index in 0..<batch.count {
            let slot = batch.slot(index)
            try offer(batch.documents[slot], batch.partial[slot], to: &collector)
        }
    }

    @inline(__always)
    private func offer(
        _ document: UInt32, _ score: Float, to collector: inout TopKCollector
    ) throws(ListFailure) {
        guard collector.admits(score) else { return }
        do { try context.offer(document, score, to: &collector) } catch { throw .search(error) }
    }

    /// Offers those of the batch that hold the phrase, as many at a time as the counter takes.
    private mutating func offerPhrases(
        leader: inout TermList, into collector: inout TopKCollector, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        var start = 0
        while start < batch.count {
            try meter.spendOrFail(8 * (batch.count - start))
            let end: Int
            swap(&leader, &plan.required[0])
            do throws(Malformed) {
                end =
                    try phrase?.countOccurrences(batch, from: start, in: &plan.required, bytes)
                    ?? batch.count
            } catch {
                throw .malformed(error)
            }
            swap(&leader, &plan.required[0])
            for candidate in start..<end {
                guard let count = phrase?.counter.count(of: candidate), count > 0 else { continue }
                matchCount += 1
                let document = batch.documents[batch.slot(candidate)]
                let score = leader.scoring.contribution(
                    leader.weight, document, UInt32(clamping: count), bytes)
                try offer(document, score, to: &collector)
            }
            start = end
        }
    }
}
