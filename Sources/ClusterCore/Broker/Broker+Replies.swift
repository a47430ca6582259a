import HeapModule
import OrderedCollections
import SearchIndex
import WireMessages
import WireProtocol

/// Answers of workers: REPLY, CALL_FAILED, FETCHED.
extension Broker {
    /// Takes hits. Tasks that are not this session's and live are skipped and counted.
    mutating func reply(
        _ message: WireMessage, _ key: WorkerKey, _ now: MonotonicInstant
    ) throws(WireError) {
        let meta = try message.replyMeta()
        turnLoad += meta.tasks.count
        setWindow(key, meta.window)
        defer { workers[key]?.noteTasks(running: meta.running, queued: meta.queued) }
        var reader = ReplyReader(message)
        for result in meta.tasks {
            let payload: ReplyReader.Payload
            do {
                payload = try reader.next(result)
            } catch {
                // What follows in the frames cannot be told apart any more.
                failTasks(meta.tasks.map(\.task), of: key, "sent a malformed REPLY: \(error)", now)
                throw error
            }
            guard let task = takeTask(result.task, from: key, now) else { continue }
            task.worker.tasksDone += 1
            guard task.isWanted else { continue }
            if task.kind == .search {
                answered(task, result, payload, now)
            } else {
                failDefect(of: task, "answered a FETCH with REPLY", now)
            }
        }
    }

    /// Fails the tasks of a message that cannot be read, as far as they are still in flight.
    mutating func failTasks(
        _ numbers: [UInt64], of key: WorkerKey, _ why: String, _ now: MonotonicInstant
    ) {
        for number in numbers where tasks[TaskID(number: number)] != nil {
            guard let task = takeTask(number, from: key, now), task.isWanted else { continue }
            failDefect(of: task, why, now)
        }
    }

    /// A task came to nothing: its part fails, unless another task of the part may still be answered.
    private mutating func failTask(
        _ task: PendingTask, _ failure: ItemFailure, _ now: MonotonicInstant
    ) {
        if isUnderWayElsewhere(task) {
            drop(task)
        } else {
            failPart(task.part, of: task.item, failure, now)
        }
    }

    /// Fails the item of a task whose worker does not keep to the protocol.
    mutating func failDefect(of task: PendingTask, _ why: String, _ now: MonotonicInstant) {
        counters.calls.refused(isBusy: false)
        learn(from: task, failed: true, now)
        failTask(task, ItemFailure(.internal, "worker '\(task.worker.name)' \(why)"), now)
    }

    /// Ends a task at a worker, which frees its credit; nil, and counted, if it is not a live one.
    mutating func takeTask(
        _ number: UInt64, from key: WorkerKey, _ now: MonotonicInstant
    ) -> PendingTask? {
        let id = TaskID(number: number)
        guard let task = tasks[id], task.worker.key == key else {
            counters.staleReplies += 1
            return nil
        }
        tasks[id] = nil
        task.worker.inFlight.remove(task)
        if task.isSolitary { dismissKeeper(of: task) }
        counters.calls.taken(isWanted: task.isWanted)
        if task.kind == .search {
            if task.isWanted {
                map[task.shard].drain.answered(
                    isWaiting: !map[task.shard].ready.isEmpty, at: now)
            }
            map[task.shard].replicas.ended(at: key)
            task.worker.breaker.taskEnded()
        }
        return task
    }

    /// The worker's window, within the broker's limit; 0 leaves it as it was.
    mutating func setWindow(_ key: WorkerKey, _ window: UInt32) {
        guard window > 0 else { return }
        workers[key]?.standing.window = min(Int(clamping: window), settings.maxWindow)
    }

    private mutating func answered(
        _ task: PendingTask, _ result: TaskAnswer, _ payload: ReplyReader.Payload,
        _ now: MonotonicInstant
    ) {
        guard let item = task.pendingItem, !item.parts[task.part].hasEnded else { return }
        if let defect = defect(of: result, payload, item, query: item.parts[task.part].query) {
            return failDefect(of: task, defect, now)
        }
        learn(from: task, failed: false, now)
        for other in item.parts[task.part].tasks where other !== task {
            learnOfLateness(of: other, now)
            abandon(other)
        }
        item.parts[task.part].answered(
            PartAnswer(
                of: task, result, payload, hits: wantedHits(of: payload.hits, task.part, item),
                liveDocuments: map.liveDocuments(of: task.shard), now: now))
        raiseFloor(of: item, by: payload.hits)
        item.unanswered -= 1
        if item.unanswered == 0 { endStage(of: item, now) }
    }

    /// A shard with as many hits as are wanted tells the others what is not worth finding.
    private func raiseFloor(of item: PendingItem, by hits: ShardHits) {
        guard item.unanswered > 1, let wanted = item.hitsForFloor, item.stage == .searching,
            hits.count >= wanted, !hits.isEmpty
        else { return }
        let lowest = hits.score(at: hits.count - 1)
        item.floor = max(item.floor ?? lowest, lowest)
    }

    /// What a worker's answer lacks of what its task asked; nil for a whole one.
    private func defect(
        of result: TaskAnswer, _ payload: ReplyReader.Payload, _ item: PendingItem,
        query: Int
    ) -> String? {
        switch item.stage {
        case .searching:
            let keys = item.settings?.sort.count ?? 0
            return payload.hits.haveValues(keys)
                ? nil : "sent hits without \(keys) sort values each"
        case .rewriting:
            let nodes = item.queries[query].query.moreLikeThisNodes.count
            let isWhole =
                result.likeTerms.count == nodes
                && result.likeTerms.allSatisfy { $0.terms.allSatisfy { $0.weight.isFinite } }
            return isWhole ? nil : "sent no terms for each of \(nodes) more_like_this nodes"
        case .explaining: return result.explanation == nil ? "sent no explanation" : nil
        }
    }

    /// A task whose answer no longer matters: it is cancelled, and keeps its credit until answered.
    mutating func abandon(_ task: PendingTask) {
        guard task.isInFlight, task.isWanted else { return }
        task.isWanted = false
        if task.isSolitary { dismissKeeper(of: task) }
        cancellations[task.worker.key, default: []].append(task.id.number)
    }

    /// Takes refusals. BUSY is tried elsewhere; anything else fails the item.
    mutating func callFailed(
        _ message: WireMessage, _ key: WorkerKey, _ now: MonotonicInstant
    ) throws(WireError) {
        let meta: WireCallFailed = try message.meta()
        turnLoad += meta.tasks.count
        setWindow(key, meta.window)
        for failure in meta.tasks {
            guard let task = takeTask(failure.task, from: key, now) else { continue }
            guard task.isWanted else { continue }
            counters.calls.refused(isBusy: failure.code == .busy)
            if failure.code == .busy {
                task.worker.standing.busyUntil = now + Self.busyPause
            } else if failure.code == .deadline {
                noteExpiry(of: task, now)
            } else if failure.code.isOfOneReplica(isPlainSearch: task.isPlainSearch) {
                learn(from: task, failed: true, now)
            }
            taskFailed(task, failure, now)
        }
    }

    /// How long a worker that said BUSY gets no tasks.
    private static let busyPause = Duration.milliseconds(10)

    private mutating func taskFailed(
        _ task: PendingTask, _ failure: WireTaskFailure, _ now: MonotonicInstant
    ) {
        let name = task.worker.name
        guard failure.code == .busy else {
            let code = failure.code == .unspecified ? .internal : failure.code
            return failTask(
                task, ItemFailure(code, "worker '\(name)': \(failure.message)"), now)
        }
        // One that leaves refuses all searches that were under way to it, once, and gets no more of them.
        guard !task.worker.standing.isDraining else { return resend(task, .left, now) }
        guard let item = task.pendingItem else { return }
        item.parts[task.part].busyAnswers += 1
        let busyAnswers = item.parts[task.part].busyAnswers
        guard busyAnswers <= configuration.maxRetries else {
            return failTask(
                task, ItemFailure(.busy, "workers were busy \(busyAnswers) times, last '\(name)'"),
                now)
        }
        guard !isUnderWayElsewhere(task) else { return resend(task, .busy, now) }
        guard retryBudget.take() else {
            var failure = ItemFailure(
                .busy, "worker '\(name)' was busy, and too many tasks have been tried again lately")
            failure.retryAfterMilliseconds = 100
            return failTask(task, failure, now)
        }
        resend(task, .busy, now)
    }

    private func isUnderWayElsewhere(_ task: PendingTask) -> Bool {
        guard let item = task.pendingItem else { return true }
        switch task.kind {
        case .search: return !isLeftAlone(item.parts[task.part], by: task)
        case .fetch:
            guard let fetch = item.assembly?.missing[task.part] else { return true }
            return !isAlone(task, among: fetch.tasks)
        }
    }

    /// Takes a task that came to nothing from those its part waits for.
    private mutating func drop(_ task: PendingTask) {
        guard let item = task.pendingItem else { return }
        switch task.kind {
        case .search: item.parts[task.part].tasks.removeAll { $0 === task }
        case .fetch: item.assembly?.missing[task.part]?.tasks.removeAll { $0 === task }
        }
    }

    /// Does a task's work anew, on whichever replica has room, unless it is under way elsewhere.
    ///
    /// A lost fetch repeats the search of its part: an immutable build gives the same hits again,
    /// on a replica that can then also be asked for the documents.
    mutating func resend(
        _ task: PendingTask, _ reason: RetryReason, _ now: MonotonicInstant
    ) {
        guard let item = task.pendingItem else { return }
        let isNeeded = !isUnderWayElsewhere(task)
        drop(task)
        guard isNeeded else { return }
        repeatPart(task.part, of: item, wasFetch: task.kind == .fetch, reason, now)
    }

    /// Makes a part ready again after its task or its fetch came to nothing.
    mutating func repeatPart(
        _ part: Int, of item: PendingItem, wasFetch: Bool, _ reason: RetryReason,
        _ now: MonotonicInstant
    ) {
        if item.mayLackParts, item.searchDeadline <= now {
            return giveUpLate([part], of: item, now)
        }
        counters.retries.count(reason)
        if wasFetch {
            abandonFetches(of: item)
            item.assembly = nil
            item.phase = .searching
            item.parts[part].answer = nil
            item.unanswered = 1
        }
        makeReady(part, of: item, now)
    }
}
