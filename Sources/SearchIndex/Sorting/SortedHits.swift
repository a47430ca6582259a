/// A document in a list that is sorted by columns.
public struct SortedHit: Sendable, Hashable {
    /// What it is sorted by; the place to go on behind it.
    public let tuple: SortTuple
    /// The document's id, UTF-8 bytes.
    public let id: [UInt8]
    /// Where the document is.
    public let shard: ShardNumber
}

/// The answer to a search whose hits are sorted by columns.
public struct SortedAnswer: Sendable, Hashable {
    /// In the order of `SortTuple.precedes`.
    public let hits: [SortedHit]
    /// Documents that match, those before the place to go on included.
    public let totalHits: UInt64
}

/// Keeps the first documents of those offered in the order of their tuples.
///
/// Holds at most twice as many as it keeps: a full buffer is sorted and cut, which takes
/// O(log limit) amortised time a document.
struct SortedCollector {
    /// A document that may be among the first.
    struct Candidate {
        let tuple: SortTuple
        let document: SegmentDocument
    }

    private let keys: [SortKey]
    private let limit: Int
    private let after: SortTuple?
    private var buffer: [Candidate] = []
    /// What a tuple must precede; nil until `limit` are known.
    private var last: SortTuple?

    /// A collector of the first `limit` documents behind `after`.
    init(_ keys: [SortKey], limit: Int, after: SortTuple?) {
        self.keys = keys
        self.limit = max(0, limit)
        self.after = after
    }

    /// Offers a document; order keys are unique, so tuples are never equal.
    mutating func offer(_ candidate: Candidate) {
        if limit == 0 { return }
        if let after, !after.precedes(candidate.tuple, by: keys) { return }
        if let last, !candidate.tuple.precedes(last, by: keys) { return }
        buffer.append(candidate)
        if buffer.count / 2 >= limit { cut() }
    }

    /// The first documents, in order.
    consuming func ranked() -> [Candidate] {
        cut()
        return buffer
    }

    private mutating func cut() {
        buffer.sort { $0.tuple.precedes($1.tuple, by: keys) }
        guard buffer.count >= limit, limit > 0 else { return }
        buffer.removeSubrange(limit...)
        last = buffer.last?.tuple
    }
}
