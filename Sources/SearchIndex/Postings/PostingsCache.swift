import Synchronization

/// The resident postings of a segment's much used terms, within a budget.
///
/// A list becomes resident when looking documents up in it has cost as much as making it resident
/// does: so nobody pays more than twice what the better of both ways would have cost, whatever is
/// asked (the ski rental rule; A. Karlin et al., "Competitive snoopy caching", 1988). When the budget
/// is used up, lists that were not asked for since the last look round make place (the clock rule;
/// F. Corbató, "A paging experiment with the Multics system", 1968). Safe to use from any thread; no
/// list is made under the lock.
final class PostingsCache: Sendable {
    /// The bytes that may be resident for each document of the segment.
    private static let bytesPerDocument = 48
    /// Lists that hold less than one document in so many are cheap to decode whole.
    private static let sparsest = 128
    /// Lists of one block are decoded at once.
    private static let fewestBlocks = 2

    /// A list, by where it starts in the file; damage could give two terms the same place.
    private struct Key: Hashable {
        let start: Int
        let documentFrequency: Int

        init(_ layout: PostingsLayout) {
            start = layout.range.lowerBound
            documentFrequency = layout.documentFrequency
        }
    }

    private struct Entry {
        /// Blocks that were looked into since the list was last made or dropped.
        var work = 0
        var postings: ResidentPostings?
        var byteCount = 0
        /// Whether anybody asked for it since the hand passed.
        var isUsed = false
        var isBeingMade = false
    }

    private struct State {
        /// Bounded: only so many lists are dense enough.
        var entries: [Key: Entry] = [:]
        /// The keys of the resident lists, in the order the hand passes them.
        var ring: [Key] = []
        var hand = 0
        var byteCount = 0
    }

    private let budget: Int
    private let state = Mutex(State())

    /// A cache for a segment.
    init(documentCount: Int) { budget = documentCount * Self.bytesPerDocument }

    /// The bytes that the resident lists take now.
    var byteCount: Int { state.withLock { $0.byteCount } }

    /// Whether a list can become resident.
    private func takes(_ layout: PostingsLayout) -> Bool {
        layout.blockCount >= Self.fewestBlocks
            && layout.documentFrequency >= Int(layout.documentLimit) / Self.sparsest
            && ResidentPostings.byteCount(layout) <= budget
    }

    /// The resident form of a list, if it has one.
    func postings(of layout: PostingsLayout) -> ResidentPostings? {
        guard takes(layout) else { return nil }
        let key = Key(layout)
        return state.withLock { state in
            guard let postings = state.entries[key]?.postings else { return nil }
            state.entries[key]?.isUsed = true
            return postings
        }
    }

    /// Records that a search looked into some blocks of a list that is not resident; makes it so when
    /// it is due.
    ///
    /// - Parameter meter: Ends the making; the next search begins it again.
    func record(
        _ blocks: Int, of layout: PostingsLayout, _ bytes: Span<UInt8>, _ meter: inout WorkMeter
    ) {
        guard blocks > 0, takes(layout), isDue(blocks, of: layout) else { return }
        // Whoever asked has the answer: a damaged list or a passed deadline only means no entry.
        let made = try? ResidentPostings(layout, bytes, &meter)
        state.withLock { Self.finish(&$0, made, of: layout, budget: budget) }
    }

    private func isDue(_ blocks: Int, of layout: PostingsLayout) -> Bool {
        state.withLock { state in
            var entry = state.entries[Key(layout)] ?? Entry()
            entry.work += blocks
            let isDue =
                entry.work >= layout.blockCount && entry.postings == nil && !entry.isBeingMade
            if isDue { entry.isBeingMade = true }
            state.entries[Key(layout)] = entry
            return isDue
        }
    }

    private static func finish(
        _ state: inout State, _ made: ResidentPostings?, of layout: PostingsLayout, budget: Int
    ) {
        let key = Key(layout)
        state.entries[key]?.isBeingMade = false
        state.entries[key]?.work = 0
        guard let made else { return }
        let byteCount = ResidentPostings.byteCount(layout)
        while state.byteCount + byteCount > budget { dropOne(&state) }
        state.byteCount += byteCount
        state.entries[key]?.byteCount = byteCount
        state.entries[key]?.postings = made
        state.entries[key]?.isUsed = true
        state.ring.append(key)
    }

    /// Drops the next list that was not asked for; there is one, at the latest in the second round.
    private static func dropOne(_ state: inout State) {
        while true {
            if state.hand >= state.ring.count { state.hand = 0 }
            let key = state.ring[state.hand]
            guard var entry = state.entries[key], entry.isUsed else {
                state.ring.swapAt(state.hand, state.ring.count - 1)
                state.ring.removeLast()
                state.byteCount -= state.entries[key]?.byteCount ?? 0
                state.entries[key] = nil
                return
            }
            entry.isUsed = false
            state.entries[key] = entry
            state.hand += 1
        }
    }
}
