/// One term's postings in one segment, walked forward from window to window.
struct TermScanner {
    private var cursor: PostingsCursor
    /// The place in the current block of the first posting that was not passed.
    private var place = 0
    /// A second cursor, behind the first, for the positions of documents that hold all terms of a
    /// phrase: few of those collected, in ascending order.
    private var positionsCursor: PostingsCursor
    private var positionsPlace = 0

    init(_ cursor: PostingsCursor) {
        self.cursor = cursor
        positionsCursor = cursor
    }

    /// Documents that hold the term in this segment.
    var documentFrequency: Int { cursor.documentFrequency }

    /// What the term's frequency / (frequency + norm) exceeds in no document, with the codes of the
    /// documents' lengths and the norm of each code.
    func maximum(
        _ codes: Span<UInt8>, _ norms: Span<Float>
    ) throws(IndexError) -> Float {
        var best: Float = 0
        for pair in try cursor.termBounds() { best = max(best, BM25.bound(pair, norms: norms)) }
        guard cursor.blockCount == 1 else { return best }
        // Lists of one block store no bounds.
        var list = cursor
        guard try list.seekBlock(DocumentNumber(0)) else { return best }
        for index in 0..<list.count {
            let norm = norms[Int(codes[Int(list.documents[index])])]
            best = max(
                best, BM25.contribution(weight: 1, frequency: list.frequencies[index], norm: norm))
        }
        return best
    }

    /// The first document from `document` on that holds the term, or nil. Never moves back.
    mutating func nextDocument(from document: UInt32) throws(SearchError) -> UInt32? {
        guard try seek(document) else { return nil }
        return cursor.documents[place]
    }

    /// Adds the term's documents in the window to `slot`, which is empty, and to `matches`; those
    /// outside the set `candidates` are left out.
    mutating func collect(
        _ window: Window, candidates: Int?, slot: Int, _ bitmaps: inout WindowBitmaps,
        _ matches: inout LeafMatches, _ meter: inout WorkMeter
    ) throws(SearchError) {
        guard try seek(window.first) else { return }
        while true {
            let start = place
            let isInside = take(window, candidates: candidates, slot: slot, &bitmaps, &matches)
            try meter.spend(place - start + 1)
            guard isInside else { return }
            guard try advance(in: window, candidates: candidates, bitmaps) else { return }
        }
    }

    /// Takes what is left of the current block; false if the window ends inside it.
    private mutating func take(
        _ window: Window, candidates: Int?, slot: Int, _ bitmaps: inout WindowBitmaps,
        _ matches: inout LeafMatches
    ) -> Bool {
        let end = window.end
        // Locals, so that the loop does not reach through the cursor.
        let documents = cursor.documents
        let frequencies = cursor.frequencies
        let count = cursor.count
        for index in place..<count {
            let document = documents[index]
            guard document < end else {
                place = index
                return false
            }
            let distance = Int(document - window.first)
            if let candidates, !bitmaps.contains(distance, in: candidates) { continue }
            bitmaps.insert(distance, into: slot)
            matches.append(distance, frequency: frequencies[index])
        }
        place = count
        return true
    }

    /// Moves to the next block that can matter in the window; false if there is none. Blocks without
    /// a candidate are passed over without being decoded.
    private mutating func advance(
        in window: Window, candidates: Int?, _ bitmaps: borrowing WindowBitmaps
    ) throws(SearchError) -> Bool {
        place = 0
        guard let candidates else { return try nextBlock() }
        let next = cursor.block + 1
        guard next < cursor.blockCount, next > 0 else { return try nextBlock() }
        let passed = try lastDocument(ofBlock: next - 1)
        guard passed + 1 < window.end else { return try nextBlock() }
        let from = Int(passed + 1 - window.first)
        guard bitmaps.containsAny(from: from, through: window.count - 1, in: candidates) else {
            // Nothing is left to look up here; the next window starts behind this block.
            _ = try nextBlock()
            return false
        }
        return try nextBlock()
    }

    /// Moves to the first posting whose document is not below `target`; false if there is none.
    private mutating func seek(_ target: UInt32) throws(SearchError) -> Bool {
        if cursor.block < 0 || place >= cursor.count || cursor.documents[cursor.count - 1] < target
        {
            do {
                guard try cursor.seekBlock(DocumentNumber(target)) else { return false }
            } catch {
                throw .index(error)
            }
            place = 0
        }
        while place < cursor.count, cursor.documents[place] < target { place += 1 }
        return place < cursor.count
    }

    /// Appends the positions of the term in a document that was collected. Documents must be asked
    /// in ascending order.
    mutating func appendPositions(
        of document: UInt32, to output: inout [UInt32]
    ) throws(SearchError) {
        do {
            let block = positionsCursor.block
            guard try positionsCursor.seekBlock(DocumentNumber(document)) else { return }
            if positionsCursor.block != block { positionsPlace = 0 }
            while positionsPlace < positionsCursor.count,
                positionsCursor.documents[positionsPlace] < document
            {
                positionsPlace += 1
            }
            guard positionsPlace < positionsCursor.count,
                positionsCursor.documents[positionsPlace] == document
            else { return }
            try positionsCursor.appendPositions(ofPosting: positionsPlace, to: &output)
        } catch {
            throw .index(error)
        }
    }

    private mutating func nextBlock() throws(SearchError) -> Bool {
        do { return try cursor.nextBlock() } catch { throw .index(error) }
    }

    private func lastDocument(ofBlock block: Int) throws(SearchError) -> UInt32 {
        do { return try cursor.lastDocument(ofBlock: block).rawValue } catch { throw .index(error) }
    }
}
