import SearchIndex
import WireMessages
import WireProtocol

/// A query on its way from SUBMIT to its final answer.
///
/// A reference, so that a change to one of many parts costs the same whatever their number. It
/// belongs to one broker and never leaves it.
final class PendingItem {
    let id: ItemID
    let client: ClientSession
    let request: RequestState
    /// Its position in the SUBMIT.
    let index: UInt32
    /// From 0 to `Header.maxPriority`.
    let priority: UInt8
    /// Where it stands among those that wait.
    private(set) var order: ServiceOrder
    /// The round it was started in.
    private(set) var round: UInt64 = 0
    /// What was asked; nil if the item could not be read, and at the end.
    private(set) var settings: ItemSettings?
    /// Why it could not be read.
    private let unreadable: ItemFailure?
    /// Nil if it could not be read, and at the end.
    private(set) var source: QuerySource?
    let arrivedAt: MonotonicInstant
    let deadline: MonotonicInstant
    /// When shards that have not answered are given up; before `deadline` only for an item whose
    /// answer may lack them.
    let searchDeadline: MonotonicInstant
    /// Counted against the broker's bound on queued bytes.
    let queuedBytes: Int

    /// Those of its batch that are equal to it; nil without any.
    let equal: EqualItems?
    var phase: Phase = .waiting
    /// Whether it has been answered and let go.
    private(set) var hasEnded = false
    /// Its answer, in phase `held`.
    var held: Conclusion?
    /// Whether it counts as started in its client's session.
    private(set) var isStarted = false
    /// One for each shard of each index asked, in the order asked; empty while waiting.
    var parts: [ItemPart] = []
    /// The analysed query for each index asked.
    var queries: [IndexQuery] = []
    /// What the parts are about.
    var stage: Stage = .searching
    /// The queries, encoded once for all shards of their index.
    var queryFrames: [Frame] = []
    /// Parts without an answer.
    var unanswered = 0
    /// A score that as many documents of one shard reach as are wanted; nil before that is known.
    var floor: Float?
    /// How many hits of one shard tell the others what is not worth finding; nil where they must find
    /// all their best.
    let hitsForFloor: Int?
    /// When it left its client's queue, and when the last shard had answered.
    var startedAt: MonotonicInstant?
    var searchedAt: MonotonicInstant?
    var resent: UInt32 = 0
    /// Whether a timer will look at its unserved shards: it has one at most.
    var isWatched = false
    /// When a timer will look for late tasks; nil without one.
    var looksForLatenessAt: MonotonicInstant?
    /// Documents of the merged hits that are being fetched; set in phase `fetching`.
    var assembly: Assembly?

    init(
        id: ItemID, client: ClientSession, request: RequestState, index: UInt32,
        asked: ItemReader.Asked, priority: UInt8,
        arrivedAt: MonotonicInstant, deadline: MonotonicInstant,
        searchDeadline: MonotonicInstant, queuedBytes: Int, equal: EqualItems?
    ) {
        self.id = id
        self.client = client
        self.request = request
        self.index = index
        self.priority = priority
        order = ServiceOrder(
            item: id, priority: priority, arrivedAt: arrivedAt, deadline: deadline)
        settings = asked.settings
        source = asked.source
        unreadable = asked.failure
        self.arrivedAt = arrivedAt
        self.deadline = deadline
        self.searchDeadline = searchDeadline
        self.queuedBytes = queuedBytes
        hitsForFloor = asked.settings.flatMap { $0.sharesFloor ? $0.limit + $0.offset : nil }
        self.equal = equal
    }

    /// It has ended and waits for its turn: all but its answer is let go.
    func hold(_ conclusion: Conclusion) {
        phase = .held
        held = conclusion
        letGo()
    }

    /// Its answer is sent: it may still be known to queues and to tasks that are not answered.
    func end() {
        hasEnded = true
        held = nil
        settings = nil
        letGo()
    }

    /// What was asked.
    ///
    /// - Throws: why the item could not be read.
    func asked() throws(ItemFailure) -> ItemSettings {
        if let settings { return settings }
        throw unreadable ?? ItemFailure(.internal, "the item has ended")
    }

    private func letGo() {
        parts = []
        queryFrames = []
        source = nil
        queries = []
        assembly = nil
    }

    /// Its parts in a stage, none of them sent.
    func begin(_ stage: Stage, parts: [ItemPart], queryFrames: [Frame]) {
        self.stage = stage
        self.parts = parts
        self.queryFrames = queryFrames
        unanswered = parts.count
    }

    /// It may now be sent to workers, in a round of its client.
    func begin(round: UInt64, at now: MonotonicInstant) {
        isStarted = true
        startedAt = now
        self.round = round
        order = ServiceOrder(item: id, priority: priority, round: round, deadline: deadline)
    }

    /// Whether an answer is waited for of a part: hits, or its documents.
    func isUnderWay(_ part: Int) -> Bool {
        phase == .fetching ? assembly?.missing[part] != nil : !parts[part].hasEnded
    }

    /// The tasks of a part that are sent and not answered: one, or two if it is hedged.
    func underWay(_ part: Int) -> [PendingTask] {
        if phase == .fetching { return assembly?.missing[part]?.tasks ?? [] }
        return parts[part].state == .sent ? parts[part].tasks : []
    }

    /// Whether its answer may lack the parts it has now.
    var mayLackParts: Bool {
        guard stage == .searching, phase == .searching || phase == .fetching else { return false }
        return settings?.partial != nil
    }

    /// Whether its answer lacks any.
    var lacksParts: Bool { parts.indices.contains { parts[$0].state == .givenUp } }

    /// What the parts of the phase `searching` ask of their shards.
    ///
    /// Transitions: rewriting → searching or explaining; an item without more-like-this begins with
    /// one of these.
    enum Stage: Sendable {
        case rewriting
        case searching
        case explaining
    }

    /// Transitions: waiting → searching → fetching → held → (ended), or any → held or (ended).
    enum Phase: Sendable {
        case waiting
        case searching
        case fetching
        /// It has ended, and items before it in a batch that is answered in order have not.
        case held
    }
}

/// What an item asks of one index.
struct IndexQuery {
    let index: IndexHandle
    /// Without more-like-this nodes once they are rewritten.
    var query: Query
}

/// One item on one shard: a task, sent to one replica or after a failure to several. A reference, since it
/// is looked at from many places, of which each would copy it or claim the item's list for itself.
final class ItemPart {
    let shard: ShardRef
    /// Which of the item's query frames.
    let query: Int

    init(shard: ShardRef, query: Int) {
        self.shard = shard
        self.query = query
    }

    var state: State = .ready
    /// Sendings so far.
    var attempts: UInt32 = 0
    /// Workers whose processes ended while they had it, but for the last one that would make it poison
    /// unless it was alone there.
    private(set) var workerDeaths = 0
    /// Workers whose connections were lost while they had it, and of which it is not known yet whether
    /// their processes have ended.
    var openCases = 0
    var busyAnswers = 0
    /// When a second replica is asked too; nil if none is, or was for the task under way.
    var lateAt: MonotonicInstant?
    /// Whether one was.
    var isHedged = false
    /// Sendings not answered; empty once the part is answered.
    var tasks: [PendingTask] = []
    var answer: PartAnswer?
    /// Why it was given up; nil if it was not.
    var failure: ItemFailure?

    /// A task for it is sent.
    func sent(_ task: PendingTask) {
        state = .sent
        attempts += 1
        tasks.append(task)
    }

    /// What speaks against it.
    var accusations: Int { workerDeaths + openCases }

    /// A worker has ended that had it, alone or beside others. Whatever ends in company, it stays below
    /// the limit, since any of the others may be to blame.
    func noteDeath(isAlone: Bool, limit: Int) {
        workerDeaths = isAlone ? workerDeaths + 1 : min(workerDeaths + 1, limit - 1)
    }

    /// Its shard has answered; nothing else is waited for.
    func answered(_ answer: PartAnswer) {
        state = .answered
        self.answer = answer
        tasks = []
        lateAt = nil
    }

    /// Whether its shard has answered in full.
    var isOK: Bool { answer.map { $0.shortcoming == nil } ?? false }

    /// Whether nothing is waited for any more.
    var hasEnded: Bool { state == .answered || state == .givenUp }

    /// Transitions: ready → sent → answered, sent → ready (re-sent), ready → answered (a suspected
    /// worker answered after all), any → givenUp (where the answer may lack it).
    enum State: Sendable {
        case ready
        case sent
        case answered
        case givenUp
    }
}
