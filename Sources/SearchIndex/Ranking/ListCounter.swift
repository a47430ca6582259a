/// Counts the matches of a `ListPlan` that is no phrase, without scores: sets of all documents, a
/// bit each, united and intersected.
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
        if plan.isEmpty { return TotalHits(count: 0, isExact: true) }
        let isPlain = plan.excluded.isEmpty && plan.filter.isEmpty
        let scoring = plan.required.isEmpty ? plan.optional : plan.required
        if isPlain, scoring.count == 1, let list = scoring.first {
            return TotalHits(count: UInt64(list.documentFrequency), isExact: true)
        }
        if isPlain, plan.required.isEmpty, case .upTo(let limit) = counting {
            let most = plan.optional.map(\.documentFrequency).max() ?? 0
            if UInt64(most) >= limit { return TotalHits(count: UInt64(most), isExact: false) }
        }
        return TotalHits(count: UInt64(try countAll(bytes)), isExact: true)
    }

    private mutating func countAll(_ bytes: Span<UInt8>) throws(ListFailure) -> Int {
        let wordCount = (documentCount + 63) / 64
        var words = [UInt64](repeating: 0, count: wordCount)
        if plan.required.isEmpty {
            for index in plan.optional.indices {
                try plan.optional[index].insertAll(into: &words, bytes, &meter)
            }
        } else {
            try plan.required[0].insertAll(into: &words, bytes, &meter)
            for index in plan.required.indices.dropFirst() {
                var other = [UInt64](repeating: 0, count: wordCount)
                try plan.required[index].insertAll(into: &other, bytes, &meter)
                for word in words.indices { words[word] &= other[word] }
            }
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
