// The last step: what is left of a batch goes to the collector.
extension ListSearch {
    /// Offers what is left of the batch, with canonical scores.
    mutating func offer(
        leader: inout TermList, into collector: inout TopKCollector, _ bytes: Span<UInt8>
    ) throws(ListFailure) {
        guard buffers.batch.count > 0 else { return }
        if phrase != nil {
            return try offerPhrases(leader: &leader, into: &collector, bytes)
        }
        buffers.batch.addUp(buffers.leaves)
        for index in 0..<buffers.batch.count {
            let slot = buffers.batch.slot(index)
            try offer(buffers.batch.documents[slot], buffers.batch.partial[slot], to: &collector)
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
        while start < buffers.batch.count {
            try meter.spendOrFail(8 * (buffers.batch.count - start))
            let end: Int
            let needed = isCounting ? -.infinity : needed(collector, from: 0)
            swap(&leader, &plan.required[0])
            do throws(Malformed) {
                end =
                    try phrase?.countOccurrences(
                        buffers.batch, from: start, in: &plan.required, needed: needed, bytes)
                    ?? buffers.batch.count
            } catch {
                throw .malformed(error)
            }
            swap(&leader, &plan.required[0])
            for candidate in start..<end {
                guard let count = phrase?.buffers.counter.count(of: candidate), count > 0 else {
                    continue
                }
                matchCount += 1
                let document = buffers.batch.documents[buffers.batch.slot(candidate)]
                let score = leader.scoring.contribution(
                    leader.weight, document, UInt32(clamping: count), bytes)
                try offer(document, score, to: &collector)
            }
            start = end
        }
    }
}
