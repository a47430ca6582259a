/// Counts the matches of a `ListPlan` with at most one required list, without scores: sets of all
/// documents, a bit each. Intersections and phrases are counted by `ListSearch`.
struct ListCounter {
    private var plan: ListPlan
    /// The lists of which a match must be in one.
    private var lists: [TermList]
    private let documentCount: Int
    private var meter: WorkMeter

    init(_ plan: ListPlan, documentCount: Int, _ meter: WorkMeter) {
        precondition(plan.required.count <= 1, "\(plan.required.count) required lists")
        self.plan = plan
        lists = plan.required.isEmpty ? plan.optional : plan.required
        self.documentCount = documentCount
        self.meter = meter
    }

    /// The number of matches: exactly, or up to a limit where that is cheaper.
    mutating func count(
        _ counting: TotalCounting, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> TotalHits {
        let isPlain = plan.excluded.isEmpty && plan.filter.isEmpty
        if isPlain, lists.count == 1 {
            return TotalHits(count: UInt64(lists[0].documentFrequency), isExact: true)
        }
        if isPlain, case .upTo(let limit) = counting {
            let most = lists.map(\.documentFrequency).max() ?? 0
            if UInt64(most) >= limit { return TotalHits(count: UInt64(most), isExact: false) }
        }
        return TotalHits(count: UInt64(try countAll(bytes)), isExact: true)
    }

    private mutating func countAll(_ bytes: Span<UInt8>) throws(ListFailure) -> Int {
        let wordCount = (documentCount + 63) / 64
        var words = [UInt64](repeating: 0, count: wordCount)
        for index in lists.indices {
            try lists[index].insertAll(into: &words, bytes, &meter)
        }
        for index in plan.excluded.indices {
            var other = [UInt64](repeating: 0, count: wordCount)
            try plan.excluded[index].insertAll(into: &other, bytes, &meter)
            for word in words.indices { words[word] &= ~other[word] }
        }
        for set in plan.filter.required { set.intersect(&words) }
        for set in plan.filter.excluded { set.subtract(from: &words) }
        return words.reduce(0) { $0 + $1.nonzeroBitCount }
    }
}

extension DocumentSet {
    /// Clears the bits of documents outside the set.
    func intersect(_ words: inout [UInt64]) {
        switch storage {
        case .bitmap(let own):
            for word in words.indices { words[word] &= own[word] }
        case .sparse(let documents):
            var kept = [UInt64](repeating: 0, count: words.count)
            for document in documents {
                kept[Int(document >> 6)] |= words[Int(document >> 6)] & 1 << UInt64(document & 63)
            }
            words = kept
        }
    }

    /// Clears the bits of the set's documents.
    func subtract(from words: inout [UInt64]) {
        switch storage {
        case .bitmap(let own):
            for word in words.indices { words[word] &= ~own[word] }
        case .sparse(let documents):
            for document in documents {
                words[Int(document >> 6)] &= ~(1 << UInt64(document & 63))
            }
        }
    }
}
