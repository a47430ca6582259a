/// A document in a list that is sorted by columns.
public struct SortedHit: Sendable, Hashable {
    /// What it is sorted by; the place to go on behind it.
    public let tuple: SortTuple
    /// The document's id, UTF-8 bytes; indices need not start at zero.
    public let id: ArraySlice<UInt8>
    /// Where the document is.
    public let shard: ShardNumber

    /// A hit.
    public init(tuple: SortTuple, id: ArraySlice<UInt8>, shard: ShardNumber) {
        self.tuple = tuple
        self.id = id
        self.shard = shard
    }
}

extension SortedHit {
    /// Whether this hit stands before `other` in every list sorted by the keys: the order of their
    /// tuples, then lower id bytes.
    public func precedes(_ other: SortedHit, by keys: [SortKey]) -> Bool {
        if tuple.precedes(other.tuple, by: keys) { return true }
        return !other.tuple.precedes(tuple, by: keys) && id.lexicographicallyPrecedes(other.id)
    }
}

/// The answer of a whole index to a search whose hits are sorted by columns.
public struct SortedAnswer: Sendable, Hashable {
    /// In the order of `SortedHit.precedes`.
    public let hits: [SortedHit]
    /// Documents that match, those before the place to go on included.
    public let total: TotalHits
    /// Shards in which a pattern stands for more terms than were searched, so that hits may be
    /// missing.
    public let cuts: [ShardCut]

    /// The number of matches, or the lower bound that is known.
    public var totalHits: UInt64 { total.count }
    /// How many shards may lack hits.
    public var degradedShards: Int { cuts.count }
}

/// What one shard answers to a search whose hits are sorted by columns.
public struct SortedShardHits: Sendable, Hashable {
    /// The first, in the order of `SortedHit.precedes`.
    public let hits: [SortedHit]
    /// Documents that match, those before the place to go on included.
    public let total: TotalHits
    /// Live documents whose place in the answer is decided: all of the shard's, or none if a pattern
    /// was cut.
    public let coveredDocuments: UInt64
    /// The pattern that stands for more terms than were searched, so that hits may be missing; nil
    /// without one.
    public let cut: PatternCut?

    /// The number of matches, or the lower bound that is known.
    public var totalHits: UInt64 { total.count }
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
    private let includesPlace: Bool
    private var buffer: [Candidate] = []
    /// What a tuple must precede; nil until `limit` are known.
    private(set) var last: SortTuple?
    /// How often `last` has changed.
    private(set) var changes = 0

    /// A collector of the first `limit` documents behind `after`.
    ///
    /// - Parameter includesPlace: whether a document at that very place is wanted too.
    init(_ keys: [SortKey], limit: Int, after: SortTuple?, includesPlace: Bool = false) {
        self.keys = keys
        self.limit = max(0, limit)
        self.after = after
        self.includesPlace = includesPlace
    }

    /// Offers a document; order keys are unique, so tuples are never equal.
    mutating func offer(_ candidate: Candidate) {
        if limit == 0 { return }
        if let after, !isBehind(candidate.tuple, after) { return }
        if let last, !candidate.tuple.precedes(last, by: keys) { return }
        buffer.append(candidate)
        if buffer.count / 2 >= limit { cut() }
    }

    /// The first documents, in order.
    consuming func ranked() -> [Candidate] {
        cut()
        return buffer
    }

    private func isBehind(_ tuple: SortTuple, _ place: SortTuple) -> Bool {
        if includesPlace { return !tuple.precedes(place, by: keys) }
        return place.precedes(tuple, by: keys)
    }

    private mutating func cut() {
        buffer.sort { $0.tuple.precedes($1.tuple, by: keys) }
        guard buffer.count >= limit, limit > 0 else { return }
        buffer.removeSubrange(limit...)
        last = buffer.last?.tuple
        changes += 1
    }
}
