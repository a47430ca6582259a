/// Counts the matches of a `ListPlan`, without scores: sets of all documents, a bit each. Phrases,
/// and intersections that are found faster document by document, are counted by `ListSearch`.
struct ListCounter {
    private var plan: ListPlan
    private let documentCount: Int
    private var meter: WorkMeter

    init(_ plan: ListPlan, documentCount: Int, _ meter: WorkMeter) {
        self.plan = plan
        self.documentCount = documentCount
        self.meter = meter
    }

    /// The number of matches: exactly, or up to a limit where that is cheaper.
    mutating func count(
        _ counting: TotalCounting, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> TotalHits {
        let isPlain = plan.excluded.isEmpty && plan.filter.isEmpty
        let deciding = plan.required.isEmpty ? plan.optional : plan.required
        if isPlain, deciding.count == 1 {
            return TotalHits(count: UInt64(deciding[0].documentFrequency), isExact: true)
        }
        if isPlain, plan.required.isEmpty, case .upTo(let limit) = counting {
            let most = plan.optional.map(\.documentFrequency).max() ?? 0
            if UInt64(most) >= limit { return TotalHits(count: UInt64(most), isExact: false) }
        }
        return TotalHits(count: UInt64(try countAll(bytes)), isExact: true)
    }

    private mutating func countAll(_ bytes: Span<UInt8>) throws(ListFailure) -> Int {
        var words: [UInt64] = []
        if plan.required.isEmpty {
            words = [UInt64](repeating: 0, count: (documentCount + 63) / 64)
            for index in plan.optional.indices {
                try plan.optional[index].insertAll(into: &words, bytes, &meter)
            }
        } else {
            words = try plan.required[0].allBits(bytes, &meter)
            for index in plan.required.indices.dropFirst() {
                let other = try plan.required[index].allBits(bytes, &meter)
                var own = words.mutableSpan
                CandidateKernels.combine(&own, own.count, other.span, from: 0, .intersect)
            }
        }
        for index in plan.excluded.indices {
            let other = try plan.excluded[index].allBits(bytes, &meter)
            for word in words.indices { words[word] &= ~other[word] }
        }
        for set in plan.filter.required { set.intersect(&words) }
        for set in plan.filter.excluded { set.subtract(from: &words) }
        return words.reduce(0) { $0 + $1.nonzeroBitCount }
    }
}

extension ListPlan {
    // What counting takes, in units of about half a nanosecond: a word of 64 documents of a set; a
    // posting that is decoded into one; a document of a leader that is looked up in the other lists.
    private static let wordCost = 1
    private static let postingCost = 2
    private static let lookupCost = 4

    /// Whether the matches are counted by sets of all documents, and the best found apart, and not
    /// both on the way through the leader's documents.
    func isCountedBySets(documentCount: Int) -> Bool {
        guard phrase == nil, required.count > 1 else { return required.count <= 1 }
        let pass = documentCount / 64 * Self.wordCost
        let cost = pass + Self.cost(of: required, pass) + Self.cost(of: excluded, pass)
        return cost < required[0].documentFrequency * Self.lookupCost
    }

    /// What it takes to make sets of some lists, and a pass over each.
    private static func cost(of lists: [TermList], _ pass: Int) -> Int {
        var cost = lists.count * pass
        for index in lists.indices where !lists[index].hasBitmap {
            cost += lists[index].documentFrequency * postingCost
        }
        return cost
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
