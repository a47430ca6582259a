import SearchIndex
import WireMessages
import WireProtocol

/// Hedged tasks: one that is late is also given to a second replica; the first answer counts, the
/// other task is cancelled.
extension Broker {
    /// A task was sent for the first time: notes when it will be late.
    ///
    /// One timer for each item looks at all its parts, so that a part may be found late a little
    /// after it is.
    mutating func watchForLateness(_ part: Int, of item: PendingItem, _ now: MonotonicInstant) {
        let ref = item.parts[part].shard
        guard configuration.hedging, item.stage == .searching, map[ref].replicas.replicas.count > 1
        else { return }
        let late = now + map[ref].delays.delay(of: queryClass(of: item, item.parts[part]))
        item.parts[part].lateAt = late
        guard !item.isWatchedForLateness else { return }
        item.isWatchedForLateness = true
        addTimer(item.id, at: late, .late)
    }

    /// Hedges what is late, after waiting work has had the free threads.
    mutating func hedgeLateItems(_ now: MonotonicInstant) {
        let late = lateItems
        lateItems.removeAll(keepingCapacity: true)
        for item in late where items[item.id] != nil { hedgeLateParts(of: item, now) }
    }

    /// Gives the late parts of an item to a second replica each, as far as the budget of hedges and
    /// the replicas' room allow; looks again later at the others.
    private mutating func hedgeLateParts(of item: PendingItem, _ now: MonotonicInstant) {
        item.isWatchedForLateness = false
        guard item.phase == .searching, configuration.hedging else { return }
        var next: MonotonicInstant?
        for position in item.parts.indices {
            let part = item.parts[position]
            guard part.state == .sent, part.tasks.count == 1, let late = part.lateAt else {
                continue
            }
            if late <= now, hedge(position, of: item, now) { continue }
            let again = late <= now ? now + Self.hedgeRetry : late
            item.parts[position].lateAt = again
            next = min(next ?? again, again)
        }
        guard let next, items[item.id] != nil else { return }
        item.isWatchedForLateness = true
        addTimer(item.id, at: next, .late)
    }

    /// After this long a late part is looked at again that could not be hedged.
    private static let hedgeRetry = Duration.milliseconds(10)

    /// A task that is later than this many delays, and than `veryLate`, may also burden a replica that
    /// has no free thread.
    private static let patience = 8
    private static let veryLate = Duration.milliseconds(100)

    /// False if there is no budget, or no replica with a free thread and less load than the one that is
    /// late.
    ///
    /// A query that is slow by itself is late as well; to do it twice where other work waits would
    /// cost more than it gains. So without a free thread only what is very late is hedged: then it is
    /// the worker that is slow.
    private mutating func hedge(
        _ position: Int, of item: PendingItem, _ now: MonotonicInstant
    ) -> Bool {
        let part = item.parts[position]
        guard let holder = part.tasks.first.flatMap({ tasks[$0] }),
            let busy = workers[holder.worker]?.load(seenFrom: settings.zone),
            let key = lessLoaded(
                than: busy, hasFreeThread: !isVeryLate(holder, part, of: item, now), for: part, now),
            hedgeBudget.take()
        else { return false }
        item.parts[position].isHedged = true
        counters.tasksHedged += 1
        sendSearch(ReadyPart(item: item.id, part: position), to: key, now, isHedge: true)
        return true
    }

    private func isVeryLate(
        _ task: PendingTask, _ part: ItemPart, of item: PendingItem, _ now: MonotonicInstant
    ) -> Bool {
        let delay = map[part.shard].delays.delay(of: queryClass(of: item, part))
        return task.sentAt.duration(to: now) >= max(delay * Self.patience, Self.veryLate)
    }

    private func lessLoaded(
        than busy: ReplicaLoad, hasFreeThread: Bool, for part: ItemPart, _ now: MonotonicInstant
    ) -> WorkerKey? {
        let asked = part.tasks.compactMap { tasks[$0]?.worker }
        var best: (key: WorkerKey, load: ReplicaLoad)?
        for key in map[part.shard].replicas.workers {
            guard let load = openLoad(of: key, unless: asked, now), load.relative < busy.relative,
                !hasFreeThread || load.relative < 1
            else { continue }
            if let known = best, !load.comes(before: known.load) { continue }
            best = (key, load)
        }
        return best?.key
    }

    /// Of queries that take about as long.
    func queryClass(of item: PendingItem, _ part: ItemPart) -> QueryClass {
        let asked = try? item.asked.get()
        return QueryClass(
            hits: (asked?.limit ?? 0) + (asked?.offset ?? 0),
            bytes: item.queryFrames[part.query].count)
    }
}
