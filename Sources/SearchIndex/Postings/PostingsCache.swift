import Synchronization

/// The resident postings of a segment's much used terms, within a budget.
///
/// A list becomes resident when looking documents up in it has cost as much as making it resident
/// does: so nobody pays more than twice what the better of both ways would have cost, whatever is
/// asked (the ski rental rule; A. Karlin et al., "Competitive snoopy caching", 1988). When the budget
/// is used up, it must have cost twice what it would displace has saved, both of late: works
/// are halved at intervals (admission by frequency as in G. Einziger et al., "TinyLFU", 2017, with
/// exact counts of work for sketched ones of requests). Safe to use from any thread; no list is
/// made under the lock.
final class PostingsCache: Sendable {
    /// What may become resident.
    struct Policy {
        /// The bytes that may be resident for each document of the segment.
        var bytesPerDocument = 60
        /// Lists that hold less than one document in so many are cheap to decode whole.
        var sparsest = 128
        /// Lists of one block are decoded at once.
        var fewestBlocks = 2
        /// Works are halved when so many blocks were looked into for each document of the segment.
        var blocksPerDocument = 16
    }

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
        /// Blocks that were looked into of late, or would have been.
        var work = 0
        /// The work at which the list is worth another try.
        var due: Int
        var postings: ResidentPostings?
        var isBeingMade = false
    }

    private struct State {
        /// Bounded: only so many lists are dense enough.
        var entries: [Key: Entry] = [:]
        var byteCount = 0
        /// All work since it was halved.
        var work = 0
    }

    private let policy: Policy
    private let budget: Int
    private let halvingWork: Int
    private let state = Mutex(State())

    /// A cache for a segment.
    init(documentCount: Int, policy: Policy = Policy()) {
        self.policy = policy
        budget = documentCount * policy.bytesPerDocument
        halvingWork = documentCount * policy.blocksPerDocument
    }

    /// The bytes that the resident lists take now.
    var byteCount: Int { state.withLock { $0.byteCount } }

    /// Whether a list can become resident.
    private func takes(_ layout: PostingsLayout) -> Bool {
        layout.blockCount >= policy.fewestBlocks
            && layout.documentFrequency >= Int(layout.documentLimit) / policy.sparsest
    }

    /// The resident form of a list, if it has one.
    func postings(of layout: PostingsLayout) -> ResidentPostings? {
        guard takes(layout) else { return nil }
        return state.withLock { $0.entries[Key(layout)]?.postings }
    }

    /// Records that a search looked into some blocks of a list, or would have if it were not
    /// resident; makes it so when it is due.
    ///
    /// - Parameter meter: Ends the making; the next search begins it again.
    func record(
        _ blocks: Int, of layout: PostingsLayout, _ scoring: FieldScoring, _ bytes: Span<UInt8>,
        _ meter: inout WorkMeter
    ) {
        guard blocks > 0, takes(layout), isDue(blocks, of: layout) else { return }
        // Whoever asked has the answer: a damaged list or a passed deadline only means no entry.
        let made = try? ResidentPostings(layout, scoring, bytes, &meter)
        state.withLock { finish(&$0, made, of: Key(layout)) }
    }

    private func isDue(_ blocks: Int, of layout: PostingsLayout) -> Bool {
        state.withLock { state in
            state.work += blocks
            if state.work > halvingWork { Self.halve(&state) }
            let key = Key(layout)
            var entry = state.entries[key] ?? Entry(due: layout.blockCount)
            entry.work += blocks
            var isDue = entry.work >= entry.due && entry.postings == nil && !entry.isBeingMade
            if isDue {
                let least = ResidentPostings.leastBytes(layout)
                isDue = victims(for: least, work: entry.work, state) != nil
                if !isDue { entry.due = 2 * entry.work }
            }
            entry.isBeingMade = entry.isBeingMade || isDue
            state.entries[key] = entry
            return isDue
        }
    }

    private static func halve(_ state: inout State) {
        state.work = 0
        for key in state.entries.keys { state.entries[key]?.work /= 2 }
    }

    private func finish(_ state: inout State, _ made: ResidentPostings?, of key: Key) {
        guard var entry = state.entries[key] else { return }
        entry.isBeingMade = false
        entry.due = max(entry.due, 2 * entry.work)
        if let made, let victims = victims(for: made.byteCount, work: entry.work, state) {
            for victim in victims {
                state.byteCount -= state.entries[victim]?.postings?.byteCount ?? 0
                state.entries[victim]?.postings = nil
            }
            entry.postings = made
            state.byteCount += made.byteCount
        }
        state.entries[key] = entry
    }

    /// The lists to be dropped for so many bytes, which saved less than half of `work` together, as
    /// making lists is work too; nil when that gives not enough room. Linear in the number of lists,
    /// but without any while there is room.
    private func victims(for byteCount: Int, work: Int, _ state: borrowing State) -> [Key]? {
        var missing = state.byteCount + byteCount - budget
        guard missing > 0 else { return [] }
        let leastUseful = state.entries.filter { $0.value.postings != nil }.sorted {
            Self.value($0.value) < Self.value($1.value)
        }
        var saved = 0
        var victims: [Key] = []
        for (key, entry) in leastUseful where missing > 0 {
            missing -= entry.postings?.byteCount ?? 0
            saved += entry.work
            victims.append(key)
        }
        return missing <= 0 && 2 * saved < work ? victims : nil
    }

    /// What a resident list saves for each byte.
    private static func value(_ entry: Entry) -> Double {
        Double(entry.work) / Double(max(1, entry.postings?.byteCount ?? 0))
    }
}
