// The last step of a search: what was kept gets its order keys and ids.
extension SegmentReader {
    /// Adds the hits that candidates of this segment, whose numbers must be below `documentCount`, are.
    ///
    /// Goes from table to table and not from document to document: the reads of one table do not
    /// wait for each other, and most of them miss the caches. All ids share one buffer.
    func appendHits(
        _ candidates: [TopKCollector.Candidate], to hits: inout [RankedHit]
    ) throws(IndexError) {
        var keys: [OrderKey] = []
        keys.reserveCapacity(candidates.count)
        try orderKeys.read { (bytes) throws(Malformed) in
            for candidate in candidates {
                let place = 8 * checked(candidate.document.document)
                keys.append(OrderKey(bytes.loadInteger(at: place, as: UInt64.self)))
            }
        }
        let limit = ids.count
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(candidates.count)
        try idOffsets.read { (bytes) throws(Malformed) in
            for candidate in candidates {
                let place = 4 * checked(candidate.document.document)
                ranges.append(try Self.idRange(bytes, at: place, limit: limit))
            }
        }
        var together: [UInt8] = []
        together.reserveCapacity(ranges.reduce(0) { $0 + $1.count })
        try ids.read { (bytes) throws(Malformed) in
            for range in ranges { together.append(copying: bytes.extracting(range)) }
        }
        hits.reserveCapacity(hits.count + candidates.count)
        var start = 0
        for index in candidates.indices {
            let end = start + ranges[index].count
            hits.append(
                RankedHit(
                    score: candidates[index].score, orderKey: keys[index], id: together[start..<end]
                ))
            start = end
        }
    }
}
