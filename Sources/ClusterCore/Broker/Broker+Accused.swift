import HeapModule
import OrderedCollections
import WireProtocol

/// A part that waits for a worker of its own.
struct AccusedPart {
    let entry: ReadyPart
    let part: ItemPart
    /// The worker that is kept free for it.
    var keeper: WorkerSession?
}

/// Parts of which one more end of a worker would make poison: each is sent to a worker that has nothing
/// else of this broker and gets nothing else until it has answered, so that such an end is the part's own.
extension Broker {
    /// Whether a part must be alone at its worker.
    func isAccused(_ part: ItemPart) -> Bool { part.accusations >= settings.maxWorkerDeaths - 1 }

    /// Goes on with the parts that wait for a worker of their own. O(such parts × replicas of a shard).
    mutating func assignAccused(_ now: MonotonicInstant) {
        guard hasAccusations else { return }
        hasAccusations = !items.isEmpty
        let waiting = accused
        accused = []
        for part in waiting { assign(part, now) }
    }

    /// Takes a part out of its shard's queue, to be sent to a worker of its own, or to none.
    mutating func takeUpAccused(_ entry: ReadyPart, _ now: MonotonicInstant) {
        if isPoison(entry.part, of: entry.item, now) {
            return refusePoison(entry.part, of: entry.item, now)
        }
        assign(AccusedPart(entry: entry, part: entry.item.parts[entry.part]), now)
    }

    /// Sends a part to a worker without other tasks; until there is one, keeps a worker free for it.
    private mutating func assign(_ waiting: AccusedPart, _ now: MonotonicInstant) {
        var waiting = waiting
        let (entry, part) = (waiting.entry, waiting.part)
        guard Self.isReady(entry, part.shard), entry.item.parts[entry.part] === part else {
            return dismissKeeper(of: &waiting)
        }
        guard isAccused(part) else {
            // What was held against it has turned out to be nothing.
            dismissKeeper(of: &waiting)
            return makeReady(entry.part, of: entry.item, now)
        }
        chooseKeeper(of: &waiting, now)
        guard let worker = waiting.keeper, worker.hasNothingSent,
            worker.standing.hasRoomIfKept(with: 0, at: now)
        else { return accused.append(waiting) }
        // With too little time left for it the deadline's timer ends its item.
        if !sendSearch(entry, to: worker.key, now) { dismissKeeper(of: &waiting) }
    }

    /// Chooses the worker that is kept free, unless the one that is still could take the part: of those
    /// that are not kept for others one that has nothing, else the best by the order of `ReplicaLoad`.
    /// At most half of a shard's replicas are kept at a time, or the only one, so that others' work goes
    /// on.
    private mutating func chooseKeeper(of waiting: inout AccusedPart, _ now: MonotonicInstant) {
        let asked = workers(of: waiting.part)
        let able = map[waiting.part.shard].replicas.workers.compactMap { workers[$0] }.filter {
            $0.standing.isEligible && $0.breaker.allowsTask(at: now) && !asked.contains($0.key)
        }
        if let keeper = waiting.keeper, able.contains(where: { $0 === keeper }) {
            let isOtherFree = able.contains { $0.keptFor == nil && $0.hasNothingSent }
            // One that is busy for long is not waited for when another has become free.
            guard !keeper.hasNothingSent, isOtherFree else { return }
        }
        dismissKeeper(of: &waiting)
        let kept = able.count { $0.keptFor != nil }
        guard (kept + 1) * 2 <= max(2, able.count) else { return }
        let zone = settings.zone
        let free = able.filter { $0.keptFor == nil }
        let idle = free.filter(\.hasNothingSent)
        waiting.keeper = (idle.isEmpty ? free : idle).min {
            $0.load(seenFrom: zone).comes(before: $1.load(seenFrom: zone))
        }
        waiting.keeper?.keptFor = waiting.part
    }

    private func dismissKeeper(of waiting: inout AccusedPart) {
        if waiting.keeper?.keptFor === waiting.part { waiting.keeper?.keptFor = nil }
        waiting.keeper = nil
    }

    /// A task that is alone at its worker has ended, or is no longer wanted: the worker may have others.
    func dismissKeeper(of task: PendingTask) {
        guard task.isSolitary, task.item.parts.indices.contains(task.part),
            task.worker.keptFor === task.item.parts[task.part]
        else { return }
        task.worker.keptFor = nil
    }

    /// Whether the next fetch of a worker may be sent to it, with so many tasks there; keeps the worker
    /// free for one that must be alone.
    func hasPlace(for fetch: PendingTask, with tasks: Int) -> Bool {
        let worker = fetch.worker
        guard fetch.isSolitary || worker.keptFor != nil else { return true }
        // It is only taken out of the queue.
        guard fetch.isWanted, let part = fetch.pendingItem?.parts[fetch.part] else { return true }
        guard fetch.isSolitary, worker.keptFor == nil || worker.keptFor === part else {
            return false
        }
        worker.keptFor = part
        return tasks == 0
    }
}
