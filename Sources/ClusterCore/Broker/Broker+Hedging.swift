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
        for item in items.values.sorted(by: { $0.id < $1.id }) where item.phase == .searching {
            for (number, part) in item.parts.enumerated()
            where part.state == .sent && part.lateAt == nil && shards.contains(part.shard) {
                watchForLateness(number, of: item, now)
            }
        }
    }

    private mutating func lookForLateness(of item: PendingItem, at instant: MonotonicInstant) {
        if let earlier = item.looksForLatenessAt, earlier <= instant { return }
        item.looksForLatenessAt = instant
        addTimer(item.id, at: instant, .late)
    }

    /// Hedges what is late, after waiting work has had the free threads.
    mutating func hedgeLateItems(_ now: MonotonicInstant) {
        let late = lateItems
        lateItems.removeAll(keepingCapacity: true)
        for item in late where !item.hasEnded { hedgeLateParts(of: item, now) }
    }

    /// Gives the late parts of an item to a second replica each, as far as the budget of hedges and
    /// the replicas' room allow; looks again later at the others.
    private mutating func hedgeLateParts(of item: PendingItem, _ now: MonotonicInstant) {
        item.looksForLatenessAt = nil
        guard item.phase == .searching, configuration.hedging else { return }
        var next: MonotonicInstant?
        for position in item.parts.indices {
            let part = item.parts[position]
            guard !part.hasEnded, !part.isHedged, let late = part.lateAt else { continue }
            if late <= now, hedge(position, of: item, now) { continue }
            let again = late <= now ? now + Self.hedgeRetry : late
            item.parts[position].lateAt = again
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
        _ position: Int, of item: PendingItem, _ now: MonotonicInstant
    ) -> Bool {
        let part = item.parts[position]
        guard part.state == .sent, part.tasks.count == 1, hedgeBudget.hasToken,
            let holder = part.tasks.first, holder.isInFlight,
            let key = lessLoaded(
                than: holder.worker.load(seenFrom: settings.zone),
                hasFreeThread: !isVeryLate(holder, now), for: part, now),
            sendSearch(ReadyPart(position, of: item), to: key, now, isHedge: true)
        else { return false }
        hedgeBudget.take()
        item.parts[position].isHedged = true
        counters.tasksHedged += 1
        return true
    }

    private func isVeryLate(_ task: PendingTask, _ now: MonotonicInstant) -> Bool {
        guard let kind = task.queryClass else { return false }
        let delay = map[task.shard].delays.delay(of: kind)
        return task.sentAt.duration(to: now) >= max(delay * Self.patience, Self.veryLate)
    }

    private func lessLoaded(
        than busy: ReplicaLoad, hasFreeThread: Bool, for part: ItemPart, _ now: MonotonicInstant
    ) -> WorkerKey? {
        let asked = workers(of: part)
        var best: (key: WorkerKey, load: ReplicaLoad)?
        for key in map[part.shard].replicas.workers {
            guard let load = openLoad(of: key, unless: asked, now), load.relative < busy.relative,
                !hasFreeThread || load.hasFreeThread
            else { continue }
            if let known = best, !load.comes(before: known.load) { continue }
            best = (key, load)
        }
        return best?.key
    }

    /// Of queries that take about as long; nil for what is not a plain search.
    func queryClass(of item: PendingItem, _ part: Int) -> QueryClass? {
        guard item.stage == .searching, let asked = try? item.asked.get() else { return nil }
        return QueryClass(
            hits: asked.limit + asked.offset,
            bytes: item.queryFrames[item.parts[part].query].count)
    }
}
