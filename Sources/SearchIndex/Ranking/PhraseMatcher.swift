/// Finds the documents of a window in which terms stand at given distances, or near them.
///
/// First the documents that hold all terms, rarest term first; then, for these only, positions.
/// The buffers serve all phrases of a search.
struct PhraseMatcher {
    private var unused = LeafMatches()
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
        // Sloppy phrases are counted from their first term.
        let order = leaf.slop > 0 ? Array(leaf.scanners) : rarestFirst
        var counter = PhraseCounter(slop: leaf.slop)
        bitmaps.clear(slot)
        for document in holders {
            try meter.spend(8)
            let frequency = try occurrences(
                leaf, &scanners, order, in: window.first + UInt32(document), &counter)
            if frequency == 0 { continue }
            bitmaps.insert(Int(document), into: slot)
            matches.append(Int(document), frequency: frequency)
        }
    }

    /// How often the phrase occurs in a document that holds all its terms.
    private mutating func occurrences(
        _ leaf: Leaf, _ scanners: inout [TermScanner], _ order: [Int], in document: UInt32,
        _ counter: inout PhraseCounter
    ) throws(SearchError) -> UInt32 {
        for (turn, scanner) in order.enumerated() {
            positions.removeAll(keepingCapacity: true)
            try scanners[scanner].appendPositions(of: document, to: &positions)
            let offset = leaf.offsets[scanner - leaf.scanners.lowerBound]
            if turn == 0 {
                counter.begin(positions, offset: offset)
            } else {
                counter.narrow(positions, offset: offset)
            }
            if counter.count == 0 { return 0 }
        }
        return counter.count
    }
}
