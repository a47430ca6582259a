import HeapModule
import OrderedCollections
import SearchIndex
import WireMessages
import WireProtocol

/// Handing out tasks: which replica gets which part, within each worker's window.
extension Broker {
    /// Gives ready parts to replicas, one part of each shard in turn, while any has room.
    ///
    /// O(parts handed out × replicas of a shard + shards with waiting parts).
    mutating func assignReadyParts(_ now: MonotonicInstant) {
        var open = readyShards.elements
        while !open.isEmpty {
            open.removeAll { !assignOne(of: $0, now) }
        }
    }

    /// Hands out the first ready part of a shard; false if there is none or nobody has room.
    private mutating func assignOne(of ref: ShardRef, _ now: MonotonicInstant) -> Bool {
        while let entry = map[ref].ready.min {
            guard Self.isReady(entry, ref) else {
                map[ref].ready.removeMin()
                continue
            }
            if hasAccusations, isAccused(entry.item.parts[entry.part]) {
                map[ref].ready.removeMin()
                rounds.serve(entry.item.round, clients: clients.count)
                takeUpAccused(entry, now)
                continue
            }
            guard let worker = chooseReplica(for: entry, ref, now) else { return false }
            map[ref].ready.removeMin()
            rounds.serve(entry.item.round, clients: clients.count)
            sendSearch(entry, to: worker, now)
            return true
        }
        readyShards.remove(ref)
        map[ref].drain.emptied(at: now)
        return false
    }

    static func isReady(_ entry: ReadyPart, _ ref: ShardRef) -> Bool {
        let item = entry.item
        guard !item.hasEnded, item.phase == .searching,
            item.parts.indices.contains(entry.part)
        else { return false }
        // The parts of an earlier stage may have been of other shards.
        return item.parts[entry.part].shard == ref && item.parts[entry.part].state == .ready
    }

    /// A replica that is eligible and has room, by the item's strategy or the broker's.
    ///
    /// Replicas that already have this part and have not answered are left out.
    private mutating func chooseReplica(
        for entry: ReadyPart, _ ref: ShardRef, _ now: MonotonicInstant
    ) -> WorkerKey? {
        let asked = workers(of: entry.item.parts[entry.part])
        let strategy = entry.item.settings?.loadBalancing ?? configuration.loadBalancing
        let (workers, zone) = (workers, settings.zone)
        return map[ref].replicas.choose(strategy, at: now) { key in
            asked.contains(key) ? nil : workers[key]?.openLoad(seenFrom: zone, at: now)
        }
    }

    /// Those that have a part and have not answered.
    func workers(of part: ItemPart) -> [WorkerKey] {
        if part.tasks.isEmpty { return [] }
        return part.tasks.lazy.filter(\.isInFlight).map(\.worker.key)
    }

    /// - Returns: False if there is too little time left.
    @discardableResult
    mutating func sendSearch(
        _ entry: ReadyPart, to key: WorkerKey, _ now: MonotonicInstant, isHedge: Bool = false
    ) -> Bool {
        let item = entry.item
        guard let asked = item.settings, let worker = workers[key] else { return false }
        let (shard, query) = (item.parts[entry.part].shard, item.parts[entry.part].query)
        let budget = now.duration(to: item.searchDeadline) - settings.mergeReserve
        // With less the deadline's timer ends the item.
        guard budget >= .milliseconds(1) else { return false }

        let sent = addTask(.search, at: worker, item: item, part: entry.part, now)
        map[shard].replicas.sent(to: key)
        if !isHedge { noteSending(sent, now) }
        item.parts[entry.part].sent(sent)

        var task = task(of: item, asked, shard)
        task.task = sent.id.number
        task.generation = sent.generation
        task.budgetMs = budget.wholeMilliseconds
        let call = outgoingCall(.search, on: shard.index, to: worker)
        task.query = call.position(ofQuery: query, of: item)
        call.searches.append(task)
        return true
    }

    /// A part is sent, for the first time or anew, but not to a second replica.
    private mutating func noteSending(_ task: PendingTask, _ now: MonotonicInstant) {
        hedgeBudget.earn()
        watchForLateness(task, now)
        guard task.item.parts[task.part].attempts > 0 else { return retryBudget.earn() }
        task.item.resent += 1
        counters.tasksResent += 1
    }

    /// What a part asks, whoever gets it.
    private func task(
        of item: PendingItem, _ asked: ItemSettings, _ shard: ShardRef
    ) -> WireTask {
        var task = WireTask()
        task.shard = shard.shard
        switch item.stage {
        case .searching: describe(&task, asked, item, shard.index)
        case .rewriting: task.kind = .likeTerms
        case .explaining:
            task.kind = .explain
            task.options.documentID = String(decoding: asked.explainedID ?? [], as: UTF8.self)
            task.lenient = asked.parserMode == .lenient
        }
        asked.trace?.describe(&task)
        return task
    }

    /// Adds which hits a task asks for, and what they hold.
    private func describe(
        _ task: inout WireTask, _ asked: ItemSettings, _ item: PendingItem, _ index: IndexHandle
    ) {
        task.k = UInt32(asked.merge.depth(for: asked.limit + asked.offset))
        if asked.merge == .scoreAscending { task.options.lowest = true }
        if item.hitsForFloor != nil {
            task.sharesFloor = true
            if let floor = item.floor { task.floor = floor }
        }
        if !asked.sort.isEmpty { task.options.sort = asked.sort.map(\.wire) }
        task.lenient = asked.parserMode == .lenient
        if let number = asked.totals.wire { task.countUpTo = number }
        if asked.after != nil, let place = asked.place(in: map[index].name, of: item) {
            // The hit at the place itself may be one that the broker then leaves out.
            if place.includesPlace { task.k += 1 }
            task.options.after = place.wire
        }
        guard asked.sendsDocumentsWithHits(of: item) else { return }
        task.options.documents = true
        task.options.first = UInt32(asked.offset)
        task.options.form = asked.form.wire
    }

    /// Enters a task that is about to be sent.
    mutating func addTask(
        _ kind: PendingTask.Kind, at worker: WorkerSession, item: PendingItem, part: Int,
        _ now: MonotonicInstant
    ) -> PendingTask {
        let task = PendingTask(
            TaskID(number: nextNumber()), kind, at: worker, item: item, part: part,
            queryClass: queryClass(of: kind, item, part),
            load: worker.load(seenFrom: settings.zone).perThread,
            isSolitary: hasAccusations && isAccused(item.parts[part]), now: now)
        tasks[task.id] = task
        worker.inFlight.append(task)
        if kind == .search { worker.breaker.taskSent() }
        counters.tasksSent += 1
        return task
    }

    /// The message of this turn that the next task of a kind on an index travels in to a worker.
    mutating func outgoingCall(
        _ kind: PendingTask.Kind, on index: IndexHandle, to worker: WorkerSession
    ) -> OutgoingCall {
        let known = worker.outgoing.last { $0.kind == kind && $0.index == index }
        if let known, known.hasRoom { return known }
        let call = OutgoingCall(kind, on: index, to: worker)
        worker.outgoing.append(call)
        outgoing.append(call)
        return call
    }

    /// Sends the CALL, FETCH and CANCEL messages of this turn.
    mutating func flushOutgoing(_ now: MonotonicInstant) {
        for call in outgoing {
            call.worker.outgoing = []
            guard workers[call.worker.key] != nil else { continue }
            var header = Header(call.kind == .search ? .call : .fetch)
            header.id = nextNumber()
            header.epoch = settings.epoch
            switch call.kind {
            case .search: sendCall(call, header, map[call.index])
            case .fetch: sendFetch(call, header, map[call.index])
            }
        }
        outgoing.removeAll(keepingCapacity: true)
        for (key, numbers) in cancellations {
            guard let worker = workers[key], !worker.standing.isUnreachable else { continue }
            var header = Header(.cancel)
            header.epoch = settings.epoch
            header.index = Header.noItem
            var body = WireCancel()
            body.tasks = numbers
            send(header, body, to: worker.peer)
        }
        cancellations.removeAll(keepingCapacity: true)
    }

    private mutating func sendCall(
        _ call: OutgoingCall, _ header: Header, _ index: ServedIndex
    ) {
        let meta = call.searches.meta(after: index.call)
        send(header, meta: meta, body: call.body, to: call.worker.peer)
    }

    private mutating func sendFetch(
        _ call: OutgoingCall, _ header: Header, _ index: ServedIndex
    ) {
        var meta = WireFetchMeta()
        meta.index = index.name
        meta.buildID = index.buildID
        meta.tasks = call.fetches
        send(header, meta, body: call.body, to: call.worker.peer)
    }
}
