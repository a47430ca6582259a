/// A hit of a merged list, by its place in the lists it was merged from.
public struct MergedHit: Sendable, Hashable {
    /// The index of the list.
    public let source: Int
    /// The index of the hit in that list.
    public let index: Int
    /// Its score in a list made by fusion, in place of the hit's own; nil in every other.
    public internal(set) var fusedScore: Float?

    /// A place.
    public init(source: Int, index: Int, fusedScore: Float? = nil) {
        self.source = source
        self.index = index
        self.fusedScore = fusedScore
    }
}

/// Merges ranked lists into one.
public enum HitMerger {
    /// The hits at `offset` and the `limit - 1` after it of the merged list.
    ///
    /// Every list must be in the order of `RankedHit.precedes`; of equal hits, that of the earlier
    /// list comes first. Takes O((offset + limit) log s) time for s lists. Numbers below zero count
    /// as zero. Lists that are not in order give a list that is not in order, nothing worse.
    public static func merge(
        _ lists: [[RankedHit]], offset: Int, limit: Int
    ) -> [MergedHit] {
        merge(lists, offset: offset, limit: limit) { $0.precedes($1) }
    }

    /// The same for lists that are in the order of `precedes`, a strict weak order.
    @inlinable
    public static func merge<Hit>(
        _ lists: [[Hit]], offset: Int, limit: Int, precedes: (Hit, Hit) -> Bool
    ) -> [MergedHit] {
        merge(counts: lists.map { $0.count }, offset: offset, limit: limit) { left, right in
            precedes(lists[left.source][left.index], lists[right.source][right.index])
        }
    }

    /// The same for lists that are known by their lengths, and their hits by their places: nothing here
    /// depends on what a hit is, so that no module runs it unspecialised.
    @usableFromInline
    static func merge(
        counts: [Int], offset: Int, limit: Int, precedes: (MergedHit, MergedHit) -> Bool
    ) -> [MergedHit] {
        let (offset, limit) = (max(0, offset), max(0, limit))
        if counts.count == 1 {
            return (0..<counts[0]).dropFirst(offset).prefix(limit).map {
                MergedHit(source: 0, index: $0)
            }
        }
        return withoutActuallyEscaping(precedes) { precedes in
            var heads = HeadHeap(counts, precedes)
            for _ in 0..<offset where heads.pop() == nil { return [] }
            var merged: [MergedHit] = []
            while merged.count < limit, let place = heads.pop() { merged.append(place) }
            return merged
        }
    }
}

/// A binary heap of the lists' heads, the best on top.
private struct HeadHeap {
    private let counts: [Int]
    private let isBefore: (MergedHit, MergedHit) -> Bool
    private var heap: [MergedHit] = []

    init(_ counts: [Int], _ isBefore: @escaping (MergedHit, MergedHit) -> Bool) {
        self.counts = counts
        self.isBefore = isBefore
        for source in counts.indices where counts[source] > 0 {
            heap.append(MergedHit(source: source, index: 0))
        }
        for position in stride(from: heap.count / 2 - 1, through: 0, by: -1) {
            siftDown(from: position)
        }
    }

    /// Removes the best head; its list's next hit takes its place.
    mutating func pop() -> MergedHit? {
        guard let best = heap.first else { return nil }
        if best.index + 1 < counts[best.source] {
            heap[0] = MergedHit(source: best.source, index: best.index + 1)
        } else {
            let last = heap.removeLast()
            if heap.isEmpty { return best }
            heap[0] = last
        }
        siftDown(from: 0)
        return best
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            var best = parent
            for child in 2 * parent + 1...2 * parent + 2 where child < heap.count {
                if precedes(heap[child], heap[best]) { best = child }
            }
            if best == parent { return }
            heap.swapAt(parent, best)
            parent = best
        }
    }

    private func precedes(_ left: MergedHit, _ right: MergedHit) -> Bool {
        if isBefore(left, right) { return true }
        return !isBefore(right, left) && left.source < right.source
    }
}
