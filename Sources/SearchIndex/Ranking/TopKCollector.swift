/// Keeps the best k hits of those offered, as a binary heap with the worst on top.
///
/// Documents are kept by number. Within a segment numbers ascend with the order keys, so that keys
/// are looked up only where scores are equal across segments.
struct TopKCollector {
    /// A document that may be among the best.
    struct Candidate {
        let score: Float
        let document: SegmentDocument
    }

    /// The number of hits kept.
    let limit: Int
    /// Postings that were looked at for their scores, about, as the searches say that offer.
    var scoredPostings = 0
    /// The most hits that room is made for at once.
    private static let usualLimit = 128
    private var heap: [Candidate] = []
    /// What a score must reach whatever is kept.
    private var floor: Float
    /// Only documents behind this place of the ranked list are wanted; nil for all.
    private let after: ScorePlace?

    /// A collector for the best `limit` hits; 0 keeps none.
    ///
    /// - Parameters:
    ///   - floor: Lower scores are not wanted, because as many better ones are known elsewhere.
    ///   - after: Only documents behind this place are wanted.
    init(limit: Int, floor: Float = -.infinity, after: ScorePlace? = nil) {
        self.limit = limit
        self.floor = floor
        self.after = after
    }

    /// Refuses scores below one that at least `limit` documents of the search are known to reach.
    mutating func raise(to score: Float) {
        // Those documents may all be before the place behind which hits are wanted.
        if after == nil { floor = max(floor, score) }
    }

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

    /// Offers a document.
    mutating func offer(
        _ candidate: Candidate, keys: borrowing some OrderKeys
    ) throws(SearchError) {
        if let after {
            if candidate.score > after.score { return }
            if candidate.score == after.score,
                try keys.orderKey(of: candidate.document) <= after.orderKey
            {
                return
            }
        }
        if heap.count < limit {
            if heap.isEmpty { heap.reserveCapacity(min(limit, Self.usualLimit)) }
            heap.append(candidate)
            try siftUp(candidate, keys)
        } else if let worst = heap.first, try Self.precedes(candidate, worst, keys) {
            try siftDown(candidate, keys)
        }
    }

    /// The kept documents of a segment, best first.
    func kept(in segment: Int) -> [Candidate] {
        var keys: [UInt64] = []
        keys.reserveCapacity(heap.count)
        for candidate in heap where candidate.document.segment == segment {
            keys.append(
                UInt64(~Self.ascending(candidate.score)) << 32
                    | UInt64(candidate.document.document.rawValue))
        }
        keys.sort()
        return keys.map { key in
            Candidate(
                score: Self.score(~UInt32(truncatingIfNeeded: key >> 32)),
                document: SegmentDocument(
                    segment: segment,
                    document: DocumentNumber(UInt32(truncatingIfNeeded: key))))
        }
    }

    /// A number that orders like a score; both zeros are one.
    private static func ascending(_ score: Float) -> UInt32 {
        let bits = (score + 0).bitPattern
        return bits >> 31 == 0 ? bits | 1 << 31 : ~bits
    }

    private static func score(_ ascending: UInt32) -> Float {
        Float(bitPattern: ascending >> 31 == 1 ? ascending & ~(1 << 31) : ~ascending)
    }

    /// Puts a document on its way up from the end, where there is a hole.
    private mutating func siftUp(
        _ candidate: Candidate, _ keys: borrowing some OrderKeys
    ) throws(SearchError) {
        var heap = heap.mutableSpan
        var hole = heap.count - 1
        while hole > 0 {
            let parent = (hole - 1) / 2
            guard try Self.precedes(heap[parent], candidate, keys) else { break }
            heap[hole] = heap[parent]
            hole = parent
        }
        heap[hole] = candidate
    }

    /// Puts a document on its way down from the top, where there is a hole.
    private mutating func siftDown(
        _ candidate: Candidate, _ keys: borrowing some OrderKeys
    ) throws(SearchError) {
        var heap = heap.mutableSpan
        let count = heap.count
        var hole = 0
        var child = 1
        while child < count {
            if child + 1 < count, try Self.precedes(heap[child], heap[child + 1], keys) {
                child += 1
            }
            guard try Self.precedes(candidate, heap[child], keys) else { break }
            heap[hole] = heap[child]
            hole = child
            child = 2 * hole + 1
        }
        heap[hole] = candidate
    }

    @inline(__always)
    private static func precedes(
        _ left: Candidate, _ right: Candidate, _ keys: borrowing some OrderKeys
    ) throws(SearchError) -> Bool {
        if left.score != right.score { return left.score > right.score }
        if left.document.segment == right.document.segment {
            return left.document.document < right.document.document
        }
        return try keys.orderKey(of: left.document) < keys.orderKey(of: right.document)
    }
}

/// Knows the order key of every document that a collector is offered.
protocol OrderKeys {
    /// The order key of a document.
    func orderKey(of place: SegmentDocument) throws(SearchError) -> OrderKey
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
