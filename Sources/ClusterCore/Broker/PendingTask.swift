/// One message's worth of work at one worker.
///
/// A reference that never leaves its broker; it is kept until its worker has answered, or is lost.
final class PendingTask {
    let id: TaskID
    let worker: WorkerSession
    let kind: Kind
    /// May have ended before its task.
    let item: PendingItem
    let part: Int
    /// The part's.
    let shard: ShardRef
    /// Of the shard at the worker.
    let generation: UInt64
    let sentAt: MonotonicInstant
    /// Of the worker when it was sent, tasks for each thread, this one not counted.
    let load: Double
    /// Of a plain search or a fetch; nil for explanations and terms of documents.
    let queryClass: QueryClass?
    /// Whether it is sent to a worker that has nothing else meanwhile.
    let isSolitary: Bool
    /// The turn in which it was sent; nil for a fetch that waits.
    var leftAt: MonotonicInstant?
    /// False once its answer no longer matters: it then only holds credit.
    var isWanted = true
    /// Where it stands among its worker's, which sets it; nil once it has ended.
    var place: Int?

    /// Whether it asks for nothing but hits, which every replica can give.
    var isPlainSearch: Bool { kind == .search && queryClass != nil }
    /// Whether its worker has it and nothing else.
    var isTried: Bool { isSolitary && leftAt != nil }
    /// Whether its worker has it: false once it is answered, or the worker lost.
    var isInFlight: Bool { place != nil }

    init(
        _ id: TaskID, _ kind: Kind, at worker: WorkerSession, item: PendingItem, part: Int,
        queryClass: QueryClass?, load: Double, isSolitary: Bool, now: MonotonicInstant
    ) {
        self.id = id
        self.kind = kind
        self.worker = worker
        self.item = item
        self.part = part
        self.queryClass = queryClass
        self.load = load
        let shard = item.parts[part].shard
        self.shard = shard
        generation = worker.shards[shard] ?? 0
        sentAt = now
        self.isSolitary = isSolitary
        leftAt = kind == .search ? now : nil
    }

    enum Kind: Sendable {
        case search
        case fetch
    }

    /// The item, while it is pending and has the task's part.
    var pendingItem: PendingItem? {
        item.hasEnded || !item.parts.indices.contains(part) ? nil : item
    }
}
