import DequeModule
import OrderedCollections
import SearchIndex
import WireMessages
import WireProtocol

/// From the answers of shards to the answer of an item: merge, and fetch of the documents.
extension Broker {
    /// All shards have answered: merges their hits and gets the documents of the winners.
    mutating func merge(
        _ item: PendingItem, _ asked: ItemSettings, _ now: MonotonicInstant
    ) {
        item.searchedAt = now
        if let failure = shortfall(of: item, asked) { return fail(item, failure, now) }
        let merged = merged(item, asked)
        var assembly = Assembly(hits: merged, sources: [])
        guard asked.form.needsSource, !merged.isEmpty else { return finish(item, assembly, now) }
        if asked.sendsDocumentsWithHits(of: item), let sources = item.parts[0].answer?.sources {
            guard sources.count == merged.count else {
                return fail(
                    item,
                    ItemFailure(
                        .internal,
                        "worker '\(item.parts[0].answer?.workerName ?? "?")' sent "
                            + "\(sources.count) documents for \(merged.count) hits"), now)
            }
            assembly.sources = sources
            assembly.sourceBytes = sources.reduce(0) { $0 + $1.byteCount }
            return finish(item, assembly, now)
        }
        item.phase = .fetching
        assembly.sources = Array(repeating: nil, count: merged.count)
        for (position, hit) in merged.enumerated() {
            assembly.missing[hit.part, default: .init()].positions.append(position)
        }
        item.assembly = assembly
        for part in assembly.missing.keys.sorted() {
            guard fetch(part, of: item, now) else { return }
        }
    }

    /// The hits of the answer, each with the part it is of.
    private func merged(
        _ item: PendingItem, _ asked: ItemSettings
    ) -> [(hit: FoundHit, part: Int)] {
        if item.parts.count == 1, asked.merge != .reciprocalRankFusion {
            // The list of one shard is the merged list, whatever its order.
            return wantedHits(of: 0, item, asked).dropFirst(asked.offset).prefix(asked.limit)
                .map { ($0, 0) }
        }
        let lists = item.parts.indices.map { part in
            ShardList(hits: wantedHits(of: part, item, asked), index: item.parts[part].query)
        }
        let places = HitMerger.merge(
            lists, by: asked.merge, offset: asked.offset, limit: asked.limit,
            id: { $0.ranked.id }
        ) { left, right in
            left.precedes(right, by: asked.sort, lowestFirst: asked.merge == .scoreAscending)
        }
        return places.map { place in
            let hit = lists[place.source].hits[place.index]
            return (place.fusedScore.map(hit.fused) ?? hit, place.source)
        }
    }

    /// The hits of a part that are behind the place that was asked.
    private func wantedHits(
        of part: Int, _ item: PendingItem, _ asked: ItemSettings
    ) -> [FoundHit] {
        guard let hits = item.parts[part].answer?.hits else { return [] }
        guard let after = asked.after else { return hits }
        let name = map[item.parts[part].shard.index].name
        guard asked.place(in: name, of: item)?.includesPlace == true else { return hits }
        let asked = item.parts.first { map[$0.shard.index].name == after.index }
        let isLater = item.parts[part].query > asked?.query ?? -1
        return hits.filter { $0.isBehind(after, ofLaterIndex: isLater) }
    }

    /// Asks the worker that answered a part for its documents; another replica if it has gone.
    ///
    /// - Returns: False when there is none, so that the part begins anew or is given up.
    private mutating func fetch(
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
        let task = addTask(.fetch, at: worker, item: item, part: part, now)
        item.assembly?.missing[part]?.task = task
        worker.waitingFetches.append(task)
        fetchingWorkers.append(worker.key)
        return true
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
                let task = worker.waitingFetches.popFirst()
            {
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
        fetch.orderKeys = missing.positions.map { assembly.hits[$0].hit.ranked.orderKey.rawValue }
        fetch.budgetMs = max(1, now.duration(to: item.deadline).wholeMilliseconds)
        let call = outgoingCall(.fetch, on: ref.index, to: worker)
        if let asked = try? item.asked.get() {
            asked.trace?.describe(&fetch)
            fetch.form = asked.form.wire
            if asked.form.highlighting != nil {
                fetch.query = call.position(ofQuery: item.parts[task.part].query, of: item)
            }
        }
        call.fetches.append(fetch)
        return true
    }

    /// Takes documents.
    mutating func fetched(
        _ message: WireMessage, _ key: WorkerKey, _ now: MonotonicInstant
    ) throws(WireError) {
        let meta: WireFetchedMeta = try message.meta()
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
            let missing = item.assembly?.missing.removeValue(forKey: task.part)
        else { return }
        guard sources.count == missing.positions.count else {
            counters.calls.refused(isBusy: false)
            return failPart(
                task.part, of: item,
                ItemFailure(
                    .internal,
                    "worker '\(task.worker.name)' sent \(sources.count) documents; "
                        + "\(missing.positions.count) were asked"), now)
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
            if let task = missing[part]?.task { abandon(task) }
        }
    }

    mutating func finish(_ item: PendingItem, _ assembly: Assembly, _ now: MonotonicInstant) {
        guard assembly.sourceBytes <= settings.maxDocumentBytes else {
            return fail(
                item,
                ItemFailure(
                    .tooLarge,
                    "the documents of this answer have \(assembly.sourceBytes) bytes; the limit "
                        + "is \(settings.maxDocumentBytes): ask for fewer hits, or for ids only"),
                now)
        }
        conclude(item, result(of: item, assembly, now), now)
    }

    /// Ends an item with FAILED. Does nothing if it has ended already.
    ///
    /// - Parameter part: the part whose failure this is, for the ledger.
    mutating func fail(
        _ item: PendingItem, _ failure: ItemFailure, _ now: MonotonicInstant, part: Int? = nil
    ) {
        guard !item.hasEnded else { return }
        if failure.code == .deadline {
            for task in item.parts.lazy.flatMap(\.tasks) { learnOfLateness(of: task, now) }
        }
        conclude(item, self.failure(of: item, failure, part), now)
    }
}
