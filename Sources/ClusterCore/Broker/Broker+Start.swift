import HeapModule
import OrderedCollections
import SearchIndex
import WireMessages
import WireProtocol

/// The start of an item: which shards it needs, and its query as each index understands it.
extension Broker {
    /// Plans an item: one part for every shard of every index it names.
    ///
    /// An item that names an index nobody has announced yet is parked until a worker joins.
    mutating func start(_ item: PendingItem, _ now: MonotonicInstant) {
        guard !item.hasEnded, item.phase != .held, !isAnsweredByEqual(item, now) else { return }
        do throws(ItemFailure) {
            let asked = try item.asked()
            guard let handles = try handles(for: asked, item, now) else { return park(item) }
            item.queries = try queries(of: item, asked, on: handles)
            item.phase = .searching
            beginStage(asked.firstStage(of: item.queries), of: item, asked, now)
        } catch {
            fail(item, error, now)
        }
    }

    /// The indexes an item asks; nil if it should wait for one that is not known yet.
    private mutating func handles(
        for asked: ItemSettings, _ item: PendingItem, _ now: MonotonicInstant
    ) throws(ItemFailure) -> [IndexHandle]? {
        let waitIsOver = item.arrivedAt + settings.noWorkersWait <= now
        guard !map.isEmpty || map.hasForgotten && !asked.indexes.isEmpty else {
            guard waitIsOver else { return nil }
            let why =
                map.hasForgotten ? "all nodes were removed" : "no worker has joined this broker"
            throw ItemFailure(.noWorkers, why)
        }
        guard !asked.indexes.isEmpty else { return map.allHandles }
        // The items of a batch have one array of names, which is compared by its storage.
        if namedLast.names == asked.indexes { return namedLast.handles }
        var handles: [IndexHandle] = []
        for name in asked.indexes {
            if let handle = map.handle(named: name) {
                if !handles.contains(handle) { handles.append(handle) }
            } else if waitIsOver {
                let known = map.indexes.prefix(10).map { "'\($0.name)'" }.joined(separator: ", ")
                throw ItemFailure(
                    .notFound,
                    "no worker serves an index '\(name)'; this broker knows "
                        + (known.isEmpty ? "none" : known))
            } else {
                return nil
            }
        }
        if asked.indexes.count <= Self.namesRemembered { namedLast = (asked.indexes, handles) }
        return handles
    }

    /// Names come from a client, and would be kept until others are asked.
    private static let namesRemembered = 16

    private mutating func park(_ item: PendingItem) {
        parked.append(item.id)
        watch(item, until: item.arrivedAt + settings.noWorkersWait)
    }

    /// Starts the parked items whose indexes have come.
    mutating func startParkedItems(_ now: MonotonicInstant) {
        let waiting = parked
        parked = []
        for item in waiting.compactMap({ items[$0] }) { start(item, now) }
    }

    /// Puts a part into its shard's queue, and watches that a replica turns up.
    mutating func makeReady(_ part: Int, of item: PendingItem, _ now: MonotonicInstant) {
        let ref = item.parts[part].shard
        item.parts[part].state = .ready
        map[ref].ready.insert(ReadyPart(part, of: item))
        dropStaleEntries(of: ref)
        readyShards.append(ref)
        if !hasEligibleReplica(ref) { watch(item, until: now + settings.noWorkersWait) }
    }

    /// Forgets ended parts in a shard's queue once they outnumber the others; amortised O(1).
    private mutating func dropStaleEntries(of ref: ShardRef) {
        guard map[ref].ready.count > 2 * items.count + 64 else { return }
        map[ref].ready = Heap(map[ref].ready.unordered.filter { Self.isReady($0, ref) })
    }

    /// Sees to it that an item's unserved shards are looked at, with one timer whatever their
    /// number; a timer that comes too early for some of them sets the next one.
    private mutating func watch(_ item: PendingItem, until instant: MonotonicInstant) {
        guard !item.isWatched else { return }
        item.isWatched = true
        addTimer(item.id, at: instant, .noWorkers)
    }

    func hasEligibleReplica(_ ref: ShardRef) -> Bool {
        map[ref].replicas.workers.contains { workers[$0]?.isServing == true }
    }

    /// A shard may have lost its last eligible replica: its waiting items are now on a timer.
    mutating func watchQueue(of ref: ShardRef, _ now: MonotonicInstant) {
        let isWaitedFor = !map[ref].ready.isEmpty || accused.contains { $0.part.shard == ref }
        guard isWaitedFor, !hasEligibleReplica(ref) else { return }
        for entry in map[ref].ready.unordered where !entry.item.hasEnded {
            watch(entry.item, until: now + settings.noWorkersWait)
        }
        for waiting in accused where waiting.part.shard == ref && !waiting.entry.item.hasEnded {
            watch(waiting.entry.item, until: now + settings.noWorkersWait)
        }
    }

    /// An item's instant has come.
    mutating func timerFired(_ entry: TimerQueue.Entry, _ now: MonotonicInstant) {
        guard let item = items[entry.item], item.phase != .held else { return }
        switch entry.reason {
        case .deadline:
            fail(item, deadlineFailure(item), now)
        case .searchDeadline:
            giveUpUnanswered(of: item, now)
        case .late:
            // Another timer has been set since that comes earlier, and is the one that counts.
            guard item.looksForLatenessAt == entry.at else { return }
            item.looksForLatenessAt = nil
            lateItems.append(item)
        case .noWorkers:
            item.isWatched = false
            if parked.remove(entry.item) != nil {
                start(item, now)
            } else {
                failIfUnserved(item, now)
            }
        }
    }

    private func deadlineFailure(_ item: PendingItem) -> ItemFailure {
        let budget = item.arrivedAt.duration(to: item.deadline).wholeMilliseconds
        let place =
            switch item.phase {
            case .waiting: "before it was started"
            case .searching: "with \(item.unanswered) of \(item.parts.count) shards unanswered"
            case .fetching: "while its documents were fetched"
            case .held: "after its answer"
            }
        return ItemFailure(.deadline, "the item's budget of \(budget) ms ended \(place)")
    }

    /// Fails an item one of whose shards has had no replica for the whole wait.
    private mutating func failIfUnserved(_ item: PendingItem, _ now: MonotonicInstant) {
        var again: MonotonicInstant?
        var unserved: [Int] = []
        for (position, part) in item.parts.enumerated()
        where part.state == .ready && !hasEligibleReplica(part.shard) {
            let since = max(item.arrivedAt, map[part.shard].unservedSince ?? item.arrivedAt)
            if since + settings.noWorkersWait <= now {
                unserved.append(position)
            } else {
                again = min(again ?? .distantFuture, since + settings.noWorkersWait)
            }
        }
        if !unserved.isEmpty {
            failUnserved(unserved, of: item, now)
        }
        if let again, !item.hasEnded { watch(item, until: again) }
    }

    private mutating func failUnserved(
        _ parts: [Int], of item: PendingItem, _ now: MonotonicInstant
    ) {
        if item.mayLackParts {
            return giveUp(parts.map { ($0, unserved(item.parts[$0])) }, of: item, now)
        }
        let causes = parts.prefix(10).map { unserved(item.parts[$0]).message }
        fail(item, ItemFailure(.noWorkers, causes.joined(separator: "; ")), now)
    }

    /// Why a shard without a live worker has no answer.
    func unserved(_ part: ItemPart) -> ItemFailure {
        let shard = "\(map[part.shard.index].name)/\(part.shard.shard)"
        // By their names, so that the same state is told in the same words whoever joined first.
        let states = map[part.shard].replicas.workers.compactMap { key in
            workers[key].map { "'\($0.name)' \($0.obstacle)" }
        }.sorted()
        let why = states.isEmpty ? "" : " (\(states.prefix(4).joined(separator: ", ")))"
        return ItemFailure(.noWorkers, "no live worker serves shard \(shard)\(why)")
    }
}

extension MonotonicInstant {
    /// Later than any instant a clock gives.
    static let distantFuture = MonotonicInstant(nanoseconds: .max)
}
