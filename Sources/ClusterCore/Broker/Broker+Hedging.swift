import SearchIndex
import WireMessages
import WireProtocol

/// Hedged tasks: one that is late is also given to a second replica; the first answer counts, the
/// other task is cancelled.
extension Broker {
    /// A task was sent, but not to a second replica: notes when it will be late.
    ///
    /// A timer of the item looks at all its parts; one more is set only where it would come too late.
    mutating func watchForLateness(_ task: PendingTask, _ now: MonotonicInstant) {
        guard configuration.hedging, let kind = task.queryClass, mayBeHedged(task),
            !hasAccusations || task.item.parts[task.part].accusations == 0
        else { return }
        let late = now + map[task.shard].delays.delay(of: kind)
        task.item.parts[task.part].lateAt = late
        lookForLateness(of: task.item, at: late)
    }

    /// The second replica of shards has joined: their tasks at the first were sent when nobody could have
    /// taken them over, and may be late from now on.
    mutating func watchForLateness(ofShardsOf joined: WorkerSession, _ now: MonotonicInstant) {
        let shards = Set(joined.shards.refs.filter { map[$0].replicas.count == 2 })
        guard !shards.isEmpty else { return }
        for item in items.values.sorted(by: { $0.id < $1.id }) {
            for (number, part) in item.parts.enumerated()
            where part.lateAt == nil && shards.contains(part.shard) {
                if let task = item.underWay(number).first { watchForLateness(task, now) }
            }
        }
    }

    /// Whether there is another replica that could do a task.
    private func mayBeHedged(_ task: PendingTask) -> Bool {
        switch task.kind {
        case .search: map[task.shard].replicas.count > 1
        case .fetch:
            map[task.shard].replicas.workers.contains {
                $0 != task.worker.key && serves($0, what: task)
            }
        }
    }

    /// Whether a replica could do a task: documents are those of the generation that was searched,
    /// whose order keys the fetch names.
    private func serves(_ key: WorkerKey, what task: PendingTask) -> Bool {
        task.kind == .search || workers[key]?.shards[task.shard] == task.generation
    }

    private mutating func lookForLateness(of item: PendingItem, at instant: MonotonicInstant) {
        if let earlier = item.looksForLatenessAt, earlier <= instant { return }
        item.looksForLatenessAt = instant
        addTimer(item.id, at: instant, .late)
    }

    /// Hedges what is late, after waiting work has had the free threads.
    mutating func hedgeLateItems(_ now: MonotonicInstant) {
        guard !lateItems.isEmpty else { return }
        let late = lateItems
        lateItems.removeAll(keepingCapacity: true)
        for item in late where !item.hasEnded { hedgeLateTasks(of: item, now) }
        assignFetches(now)
    }

    /// Gives the late tasks of an item to a second replica each, as far as the budget of hedges and
    /// the replicas' room allow; looks again later at the others.
    private mutating func hedgeLateTasks(of item: PendingItem, _ now: MonotonicInstant) {
        guard configuration.hedging else { return }
        var next: MonotonicInstant?
        for part in item.parts.indices {
            guard let late = item.parts[part].lateAt, item.isUnderWay(part) else { continue }
            if late <= now, hedge(part, of: item, now) { continue }
            let again = late <= now ? now + Self.hedgeRetry : late
            item.parts[part].lateAt = again
            next = min(next ?? again, again)
        }
        guard let next, !item.hasEnded else { return }
        lookForLateness(of: item, at: next)
    }

    /// After this long a late part is looked at again that could not be hedged.
    private static let hedgeRetry = Duration.milliseconds(20)

    /// A task that is later than this many delays, and than `veryLate`, may also burden a replica that
    /// has no free thread.
    private static let patience = 8
    private static let veryLate = Duration.milliseconds(100)

    /// False if the part is not with one worker, or there is no budget, or no replica with a free
    /// thread and less load than the one that is late.
    ///
    /// A query that is slow by itself is late as well; to do it twice where other work waits would
    /// cost more than it gains. So without a free thread only what is very late is hedged: then it is
    /// the worker that is slow.
    private mutating func hedge(
        _ part: Int, of item: PendingItem, _ now: MonotonicInstant
    ) -> Bool {
        let tasks = item.underWay(part)
        guard tasks.count == 1, let late = tasks.first, let key = replica(toHelp: late, now),
            ask(key, for: late, now)
        else { return false }
        hedgeBudget.take()
        item.parts[part].lateAt = nil
        item.parts[part].isHedged = true
        counters.tasksHedged += 1
        return true
    }

    /// Gives a task to a second replica; false if there is too little time left.
    private mutating func ask(
        _ key: WorkerKey, for late: PendingTask, _ now: MonotonicInstant
    ) -> Bool {
        switch late.kind {
        case .search:
            return sendSearch(ReadyPart(late.part, of: late.item), to: key, now, isHedge: true)
        case .fetch:
            guard let worker = workers[key] else { return false }
            addFetch(late.part, of: late.item, at: worker, now)
            return true
        }
    }

    /// Whether a task is later than queries of its kind are by themselves.
    func isVeryLate(_ task: PendingTask, _ now: MonotonicInstant) -> Bool {
        guard let kind = task.queryClass else { return false }
        let delay = map[task.shard].delays.delay(of: kind)
        return task.sentAt.duration(to: now) >= max(delay * Self.patience, Self.veryLate)
    }

    /// A replica to give a late task to as well: less loaded than the one that has it, and with a free
    /// thread if the task is not very late; nil without one, or without budget.
    private func replica(toHelp late: PendingTask, _ now: MonotonicInstant) -> WorkerKey? {
        guard hedgeBudget.hasToken, late.isInFlight else { return nil }
        let busy = late.worker.load(seenFrom: settings.zone)
        let mustBeFree = !isVeryLate(late, now)
        var best: (key: WorkerKey, load: ReplicaLoad)?
        for key in map[late.shard].replicas.workers {
            guard key != late.worker.key,
                let load = workers[key]?.openLoad(seenFrom: settings.zone, at: now),
                load.relative < busy.relative, !mustBeFree || load.hasFreeThread,
                serves(key, what: late)
            else { continue }
            if let known = best, !load.comes(before: known.load) { continue }
            best = (key, load)
        }
        return best?.key
    }

    /// Of tasks that take about as long; nil for what is neither a plain search nor a fetch.
    func queryClass(
        of kind: PendingTask.Kind, _ item: PendingItem, _ part: Int
    ) -> QueryClass? {
        switch kind {
        case .search: queryClass(of: item, part)
        case .fetch: QueryClass(documents: item.assembly?.missing[part]?.positions.count ?? 0)
        }
    }

    private func queryClass(of item: PendingItem, _ part: Int) -> QueryClass? {
        guard item.stage == .searching, let asked = item.settings else { return nil }
        return QueryClass(
            hits: asked.limit + asked.offset,
            bytes: item.queryFrames[item.parts[part].query].count)
    }
}
