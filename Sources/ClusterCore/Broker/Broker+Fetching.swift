import DequeModule
import OrderedCollections
import SearchIndex
import WireMessages
import WireProtocol

/// The documents of merged hits: which worker is asked for them, when, and what it gives.
extension Broker {
    /// Asks the worker that answered a part for its documents; another replica if it has gone.
    ///
    /// - Returns: False when there is none, so that the part begins anew or is given up.
    mutating func fetch(
        _ part: Int, of item: PendingItem, _ now: MonotonicInstant
    ) -> Bool {
        guard let answer = item.parts[part].answer else { return false }
        let ref = item.parts[part].shard
        let candidates = [answer.worker] + map[ref].replicas.workers
        guard
            let key = candidates.first(where: {
                guard let worker = workers[$0], worker.shards[ref] == answer.generation else {
                    return false
                }
                // What a worker has found it also gives, whatever is held against it since.
                return $0 == answer.worker ? !worker.standing.isSuspected : worker.isServing
            }), let worker = workers[key]
        else {
            repeatPart(part, of: item, wasFetch: true, .documentsGone, now)
            return false
        }
        hedgeBudget.earn()
        watchForLateness(addFetch(part, of: item, at: worker, now), now)
        return true
    }

    /// Queues a fetch at a worker.
    @discardableResult
    mutating func addFetch(
        _ part: Int, of item: PendingItem, at worker: WorkerSession, _ now: MonotonicInstant
    ) -> PendingTask {
        let task = addTask(.fetch, at: worker, item: item, part: part, now)
        item.assembly?.missing[part]?.tasks.append(task)
        worker.waitingFetches.append(task)
        fetchingWorkers.append(worker.key)
        return task
    }

    /// Sends waiting fetches as far as each worker's allowance reaches.
    mutating func assignFetches(_ now: MonotonicInstant) {
        for key in fetchingWorkers.elements {
            guard let worker = workers[key] else {
                fetchingWorkers.remove(key)
                continue
            }
            // Waiting fetches count as in flight from the start, so they are left out here.
            var sent = worker.inFlight.count - worker.waitingFetches.count
            while sent < worker.standing.window + settings.fetchAllowance,
                let task = worker.waitingFetches.first, hasPlace(for: task, with: sent)
            {
                worker.waitingFetches.removeFirst()
                if send(fetch: task, to: worker, now) { sent += 1 }
            }
            if worker.waitingFetches.isEmpty { fetchingWorkers.remove(key) }
        }
    }

    /// Adds a fetch to this turn's message; one that is no longer wanted is dropped instead.
    private mutating func send(
        fetch task: PendingTask, to worker: WorkerSession, _ now: MonotonicInstant
    ) -> Bool {
        guard task.isInFlight, task.isWanted, let item = task.pendingItem,
            let assembly = item.assembly, let missing = assembly.missing[task.part],
            let answer = item.parts[task.part].answer
        else {
            if tasks.removeValue(forKey: task.id) != nil { counters.calls.taken(isWanted: false) }
            worker.inFlight.remove(task)
            return false
        }
        let ref = item.parts[task.part].shard
        var fetch = WireFetchTask()
        fetch.task = task.id.number
        fetch.shard = ref.shard
        fetch.generation = answer.generation
        fetch.orderKeys = missing.positions.map {
            answer.hits.orderKey(at: assembly.hits[$0].index).rawValue
        }
        fetch.budgetMs = max(1, now.duration(to: item.deadline).wholeMilliseconds)
        let call = outgoingCall(.fetch, on: ref.index, to: worker)
        if let asked = item.settings {
            asked.trace?.describe(&fetch)
            fetch.form = asked.form.wire
            if asked.form.highlighting != nil {
                fetch.query = call.position(ofQuery: item.parts[task.part].query, of: item)
            }
        }
        call.fetches.append(fetch)
        task.leftAt = now
        return true
    }

    /// Takes documents.
    mutating func fetched(
        _ message: WireMessage, _ key: WorkerKey, _ now: MonotonicInstant
    ) throws(WireError) {
        let meta: WireFetchedMeta = try message.meta()
        turnLoad += meta.tasks.count
        var slicer = DocumentSlicer(message.frames.count > 1 ? message.frames[1] : [])
        for result in meta.tasks {
            let sources: [HitSource]
            do {
                sources = try slicer.take(result.documentLengths, snippets: result.snippets)
            } catch {
                failTasks(
                    meta.tasks.map(\.task), of: key, "sent a malformed FETCHED: \(error)", now)
                throw error
            }
            guard let task = takeTask(result.task, from: key, now) else { continue }
            task.worker.tasksDone += 1
            guard task.isWanted else { continue }
            if task.kind == .fetch {
                place(sources, of: task, now)
            } else {
                failDefect(of: task, "answered a CALL with FETCHED", now)
            }
        }
    }

    private mutating func place(
        _ sources: [HitSource], of task: PendingTask, _ now: MonotonicInstant
    ) {
        guard let item = task.pendingItem,
            let missing = item.assembly?.missing[task.part]
        else { return }
        guard sources.count == missing.positions.count else {
            return failDefect(
                of: task,
                "sent \(sources.count) documents; \(missing.positions.count) were asked", now)
        }
        item.assembly?.missing[task.part] = nil
        learn(from: task, failed: false, now)
        for other in missing.tasks where other !== task {
            learnOfLateness(of: other, now)
            abandon(other)
        }
        for (position, source) in zip(missing.positions, sources) {
            item.assembly?.sources[position] = source
            item.assembly?.sourceBytes += source.byteCount
        }
        if let assembly = item.assembly, assembly.missing.isEmpty {
            finish(item, assembly, now)
        }
    }

    /// Fetches of an item that are no longer wanted.
    mutating func abandonFetches(of item: PendingItem) {
        guard let missing = item.assembly?.missing else { return }
        for part in missing.keys.sorted() {
            for task in missing[part]?.tasks ?? [] { abandon(task) }
        }
    }
}
