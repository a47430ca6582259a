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
        /// The bytes that may be resident for an index however few documents it has: of few long
        /// documents, more lists are dense enough than 60 bytes for each of them hold.
        static let leastBytes = 32 << 20
        /// Lists that hold less than one document in so many are cheap to decode whole.
        var sparsest = 128
        /// Lists of one block are decoded at once.
        var fewestBlocks = 2
        /// Works are halved when so many blocks were looked into for each document of the segment.
        var blocksPerDocument = 16
    }

    private struct State {
        var admission: PostingsAdmission
        /// By the number of the list.
        var postings: [ResidentPostings?] = []
    }

    private let policy: Policy
    private let state: Mutex<State>

    /// A cache for a segment.
    ///
    /// - Parameter leastBytes: What may be resident at least: the segment's share of
    ///   `Policy.leastBytes`.
    init(documentCount: Int, leastBytes: Int = 0, policy: Policy = Policy()) {
        self.policy = policy
        state = Mutex(
            State(
                admission: PostingsAdmission(
                    budget: max(leastBytes, documentCount * policy.bytesPerDocument),
                    halvingWork: documentCount * policy.blocksPerDocument)))
    }

    /// The bytes that resident lists may take.
    var budget: Int { state.withLock { $0.admission.budget } }

    /// The bytes that the resident lists take now.
    var byteCount: Int { state.withLock { $0.admission.byteCount } }

    /// Whether a list can become resident.
    private func takes(_ layout: PostingsLayout) -> Bool {
        layout.blockCount >= policy.fewestBlocks
            && layout.documentFrequency >= Int(layout.documentLimit) / policy.sparsest
    }

    /// The resident form of a list, if it has one.
    func postings(of layout: PostingsLayout) -> ResidentPostings? {
        guard takes(layout) else { return nil }
        return state.withLock { state in
            guard let number = state.admission.number(of: PostingsAdmission.Key(layout)) else {
                return nil
            }
            return state.postings[number]
        }
    }

    /// Records that a search looked into some blocks of a list, or would have if it were not
    /// resident; makes it so when it is due.
    ///
    /// - Parameter meter: Ends the making; the next search begins it again.
    func record(
        _ blocks: Int, of layout: PostingsLayout, _ scoring: FieldScoring, _ bytes: Span<UInt8>,
        _ meter: inout WorkMeter
    ) {
        guard blocks > 0, takes(layout) else { return }
        let due: Int? = state.withLock { state in
            let (number, isDue) = state.admission.record(
                blocks, of: PostingsAdmission.Key(layout), blockCount: layout.blockCount,
                leastBytes: ResidentPostings.leastBytes(layout))
            if number == state.postings.count { state.postings.append(nil) }
            return isDue ? number : nil
        }
        guard let due else { return }
        // Whoever asked has the answer: a damaged list or a passed deadline only means no entry.
        let made = try? ResidentPostings(layout, scoring, bytes, &meter)
        state.withLock { state in
            let victims = state.admission.finish(due, byteCount: made?.byteCount)
            guard let victims else { return }
            for victim in victims { state.postings[victim] = nil }
            state.postings[due] = made
        }
    }
}
