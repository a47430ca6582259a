/// Finds the documents of a window in which terms stand at given distances.
///
/// First the documents that hold all terms, rarest term first; then, for these only, positions.
/// The buffers serve all phrases of a search.
struct PhraseMatcher {
    private var unused = LeafMatches()
    /// Start positions that fit the terms looked at so far.
    private var starts: [UInt32] = []
    private var positions: [UInt32] = []

    /// Adds the phrase's matches in the window to `slot`, which is empty, and to `matches`.
    mutating func collect(
        _ leaf: Leaf, _ scanners: inout [TermScanner], _ window: Window, candidates: Int?,
        slot: Int, _ bitmaps: inout WindowBitmaps, _ matches: inout LeafMatches,
        _ meter: inout WorkMeter
    ) throws(SearchError) {
        let rarestFirst = leaf.scanners.sorted {
            scanners[$0].documentFrequency < scanners[$1].documentFrequency
        }
        var common = candidates
        for scanner in rarestFirst {
            unused.removeAll()
            try scanners[scanner].collect(
                window, candidates: common, slot: slot, &bitmaps, &unused, &meter)
            if unused.documents.isEmpty {
                bitmaps.clear(slot)
                return
            }
            // The documents just found are a subset of the candidates.
            bitmaps.clear(slot)
            for document in unused.documents { bitmaps.insert(Int(document), into: slot) }
            common = slot
        }
        let holders = unused.documents
        bitmaps.clear(slot)
        for document in holders {
            try meter.spend(8)
            let frequency = try occurrences(
                leaf, &scanners, rarestFirst, in: window.first + UInt32(document))
            if frequency == 0 { continue }
            bitmaps.insert(Int(document), into: slot)
            matches.append(Int(document), frequency: frequency)
        }
    }

    /// How often the phrase occurs in a document that holds all its terms.
    private mutating func occurrences(
        _ leaf: Leaf, _ scanners: inout [TermScanner], _ rarestFirst: [Int], in document: UInt32
    ) throws(SearchError) -> UInt32 {
        for (turn, scanner) in rarestFirst.enumerated() {
            positions.removeAll(keepingCapacity: true)
            try scanners[scanner].appendPositions(of: document, to: &positions)
            let offset = leaf.offsets[scanner - leaf.scanners.lowerBound]
            if turn == 0 {
                starts.removeAll(keepingCapacity: true)
                for position in positions where position >= offset {
                    starts.append(position - offset)
                }
            } else {
                keepStarts(offset: offset)
            }
            if starts.isEmpty { return 0 }
        }
        return UInt32(truncatingIfNeeded: starts.count)
    }

    /// Keeps the starts for which the current term stands at `offset`; both lists ascend.
    private mutating func keepStarts(offset: UInt32) {
        var kept = 0
        var place = 0
        for start in starts {
            let (wanted, overflow) = start.addingReportingOverflow(offset)
            if overflow { break }
            while place < positions.count, positions[place] < wanted { place += 1 }
            if place < positions.count, positions[place] == wanted {
                starts[kept] = start
                kept += 1
            }
        }
        starts.removeSubrange(kept...)
    }
}
