import SearchIndex
import WireMessages
import WireProtocol

/// Hedged tasks: one that is late is also given to a second replica; the first answer counts, the
/// other task is cancelled.
extension Broker {
    /// A task was sent for the first time: notes when it will be late.
    ///
    /// A timer of the item looks at all its parts; one more is set only where it would come too late.
    mutating func watchForLateness(_ part: Int, of item: PendingItem, _ now: MonotonicInstant) {
        let ref = item.parts[part].shard
        guard configuration.hedging, map[ref].replicas.count > 1,
            let kind = queryClass(of: item, part)
        else { return }
        let late = now + map[ref].delays.delay(of: kind)
        item.parts[part].lateAt = late
        lookForLateness(of: item, at: late)
    }

    /// The second replica of shards has joined: their tasks at the first were sent when nobody could have
    /// taken them over, and may be late from now on.
    mutating func watchForLateness(ofShardsOf joined: WorkerSession, _ now: MonotonicInstant) {
        let shards = Set(joined.shards.keys.filter { map[$0].replicas.count == 2 })
        guard !shards.isEmpty else { return }
        for item in items.values.sorted(by: { $0.id < $1.id }) {
            for (number, part) in item.parts.enumerated() where shards.contains(part.shard) {
                if let fetch = item.assembly?.missing[number] {
                    if fetch.lateAt == nil, let task = fetch.tasks.first {
                        watchForLateness(task, now)
                    }
                } else if part.state == .sent, part.lateAt == nil {
                    watchForLateness(number, of: item, now)
                }
            }
        }
    }

    /// A fetch was begun: notes when it will be late.
    mutating func watchForLateness(_ fetch: PendingTask, _ now: MonotonicInstant) {
        guard configuration.hedging, let kind = fetch.queryClass,
            map[fetch.shard].replicas.workers.contains(where: {
                $0 != fetch.worker.key && workers[$0]?.shards[fetch.shard] == fetch.generation
            })
        else { return }
        let late = now + map[fetch.shard].delays.delay(of: kind)
        fetch.item.assembly?.missing[fetch.part]?.lateAt = late
        lookForLateness(of: fetch.item, at: late)
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
        let next: MonotonicInstant? =
            switch item.phase {
            case .searching: hedgeLateParts(of: item, now)
            case .fetching: hedgeLateFetches(of: item, now)
            case .waiting, .held: nil
            }
        guard let next, !item.hasEnded else { return }
        lookForLateness(of: item, at: next)
    }

    /// - Returns: When to look again; nil for never.
    private mutating func hedgeLateParts(
        of item: PendingItem, _ now: MonotonicInstant
    ) -> MonotonicInstant? {
        var next: MonotonicInstant?
        for position in item.parts.indices {
            let part = item.parts[position]
            guard !part.hasEnded, let late = part.lateAt else { continue }
            if late <= now, hedge(position, of: item, now) { continue }
            let again = late <= now ? now + Self.hedgeRetry : late
            item.parts[position].lateAt = again
            next = min(next ?? again, again)
        }
        return next
    }

    /// - Returns: When to look again; nil for never.
    private mutating func hedgeLateFetches(
        of item: PendingItem, _ now: MonotonicInstant
    ) -> MonotonicInstant? {
        var next: MonotonicInstant?
        for part in item.assembly?.missing.keys.sorted() ?? [] {
            guard let late = item.assembly?.missing[part]?.lateAt else { continue }
            if late <= now, hedgeFetch(of: part, of: item, now) { continue }
            let again = late <= now ? now + Self.hedgeRetry : late
            item.assembly?.missing[part]?.lateAt = again
            next = min(next ?? again, again)
        }
        return next
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
        _ position: Int, of item: PendingItem, _ now: MonotonicInstant
    ) -> Bool {
        let part = item.parts[position]
        guard part.state == .sent, part.tasks.count == 1, let holder = part.tasks.first,
            let key = replica(toHelp: holder, now),
            sendSearch(ReadyPart(position, of: item), to: key, now, isHedge: true)
        else { return false }
        item.parts[position].lateAt = nil
        noteHedge(position, of: item)
        return true
    }

    /// Asks a second replica for the documents of a part. It must serve the generation that was
    /// searched, whose order keys the fetch names.
    private mutating func hedgeFetch(
        of part: Int, of item: PendingItem, _ now: MonotonicInstant
    ) -> Bool {
        guard let tasks = item.assembly?.missing[part]?.tasks, tasks.count == 1,
            let holder = tasks.first,
            let key = replica(toHelp: holder, generation: holder.generation, now),
            let worker = workers[key]
        else { return false }
        addFetch(part, of: item, at: worker, now)
        item.assembly?.missing[part]?.lateAt = nil
        noteHedge(part, of: item)
        return true
    }

    private mutating func noteHedge(_ part: Int, of item: PendingItem) {
        hedgeBudget.take()
        item.parts[part].isHedged = true
        counters.tasksHedged += 1
    }

    private func isVeryLate(_ task: PendingTask, _ now: MonotonicInstant) -> Bool {
        guard let kind = task.queryClass else { return false }
        let delay = map[task.shard].delays.delay(of: kind)
        return task.sentAt.duration(to: now) >= max(delay * Self.patience, Self.veryLate)
    }

    /// A replica to give a late task to as well: less loaded than the one that has it, and with a free
    /// thread if the task is not very late; nil without one, or without budget.
    private func replica(
        toHelp late: PendingTask, generation: UInt64? = nil, _ now: MonotonicInstant
    ) -> WorkerKey? {
        guard hedgeBudget.hasToken, late.isInFlight else { return nil }
        let busy = late.worker.load(seenFrom: settings.zone)
        let mustBeFree = !isVeryLate(late, now)
        var best: (key: WorkerKey, load: ReplicaLoad)?
        for key in map[late.shard].replicas.workers {
            guard let load = openLoad(of: key, unless: [late.worker.key], now),
                load.relative < busy.relative, !mustBeFree || load.hasFreeThread,
                generation == nil || workers[key]?.shards[late.shard] == generation
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
        guard item.stage == .searching, let asked = try? item.asked.get() else { return nil }
        return QueryClass(
            hits: asked.limit + asked.offset,
            bytes: item.queryFrames[item.parts[part].query].count)
    }
}
