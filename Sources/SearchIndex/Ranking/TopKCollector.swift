/// Keeps the best k hits of those offered, as a binary heap with the worst on top.
///
/// Documents are kept by number; ids are looked up only where score and order key are equal.
struct TopKCollector {
    /// A document that may be among the best.
    struct Candidate {
        let score: Float
        let orderKey: OrderKey
        let document: SegmentDocument
    }

    /// The number of hits kept.
    let limit: Int
    private var heap: [Candidate] = []
    /// What a score must reach whatever is kept.
    private var floor: Float

    /// A collector for the best `limit` hits; 0 keeps none.
    ///
    /// - Parameter floor: Lower scores are not wanted, because as many better ones are known
    ///   elsewhere.
    init(limit: Int, floor: Float = -.infinity) {
        self.limit = limit
        self.floor = floor
    }

    /// Refuses scores below one that at least `limit` documents of the search are known to reach.
    mutating func raise(to score: Float) { floor = max(floor, score) }

    /// What a document of a segment must reach.
    func threshold(in segment: Int) -> Threshold {
        guard heap.count >= limit, let worst = heap.first, worst.score >= floor else {
            return Threshold(score: floor, tieDocument: .max)
        }
        let isHere = worst.document.segment == segment
        return Threshold(
            score: worst.score, tieDocument: isHere ? worst.document.document.rawValue : .max)
    }

    /// The score that documents which are not kept do not exceed; nil when every one offered is
    /// kept and none was refused.
    var thresholdScore: Float? {
        if heap.count >= limit, let worst = heap.first { return max(floor, worst.score) }
        return floor > -.infinity ? floor : nil
    }

    /// Whether a document with `score` could still be kept, its order key being unknown.
    @inline(__always)
    func admits(_ score: Float) -> Bool {
        if score < floor { return false }
        if heap.count < limit { return true }
        guard let worst = heap.first else { return false }
        return score >= worst.score
    }

    /// Offers a document; `id` gives the id of any document offered.
    mutating func offer(
        _ candidate: Candidate, id: (SegmentDocument) throws(SearchError) -> [UInt8]
    ) throws(SearchError) {
        if heap.count < limit {
            heap.append(candidate)
            try siftUp(id)
        } else if let worst = heap.first, try Self.precedes(candidate, worst, id) {
            heap[0] = candidate
            try siftDown(id)
        }
    }

    /// The kept documents, best first.
    func ranked(
        id: (SegmentDocument) throws(SearchError) -> [UInt8]
    ) throws(SearchError) -> [RankedHit] {
        var hits: [RankedHit] = []
        hits.reserveCapacity(heap.count)
        for candidate in heap {
            hits.append(
                RankedHit(
                    score: candidate.score, orderKey: candidate.orderKey,
                    id: try id(candidate.document)))
        }
        return hits.sorted { $0.precedes($1) }
    }

    private mutating func siftUp(
        _ id: (SegmentDocument) throws(SearchError) -> [UInt8]
    ) throws(SearchError) {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard try Self.precedes(heap[parent], heap[child], id) else { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown(
        _ id: (SegmentDocument) throws(SearchError) -> [UInt8]
    ) throws(SearchError) {
        var parent = 0
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if try Self.precedes(heap[worst], heap[child], id) { worst = child }
            }
            if worst == parent { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }

    private static func precedes(
        _ left: Candidate, _ right: Candidate,
        _ id: (SegmentDocument) throws(SearchError) -> [UInt8]
    ) throws(SearchError) -> Bool {
        let decided = RankedHit.precedes(
            left.score, left.orderKey, right.score, right.orderKey)
        if let decided { return decided }
        return try id(left.document).lexicographicallyPrecedes(try id(right.document))
    }
}

/// A document of a shard, by segment and number.
struct SegmentDocument: Hashable {
    let segment: Int
    let document: DocumentNumber
}

/// What a document must reach to be among the best.
struct Threshold {
    /// The lowest score that is enough.
    let score: Float
    /// Documents behind this one need more than `score`: of equal ones the earlier counts.
    let tieDocument: UInt32
}
