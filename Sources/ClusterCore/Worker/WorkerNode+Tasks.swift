import SearchIndex
import WireMessages
import WireProtocol

/// Tasks: from CALL and FETCH to jobs, from outcomes to REPLY, CALL_FAILED and FETCHED.
extension WorkerNode {
    mutating func call(
        _ message: WireMessage, _ link: BrokerLink, _ now: MonotonicInstant
    ) throws(WireError) {
        let meta = try message.callMeta()
        let statistics = try statistics(of: meta)
        let queries = try message.queries()
        let floors = sharedFloors(of: meta.tasks)
        for task in meta.tasks {
            do throws(ItemFailure) {
                let kind = try WorkerJob.Kind(
                    task, query: try Self.query(task.query, of: task.task, queries),
                    statistics: statistics, floor: floors[task.query])
                let shard = try shard(
                    meta.index, meta.buildID, task.shard, generation: task.generation)
                let trace = ItemTrace(
                    parent: task.options.traceparent, state: task.options.tracestate)
                start(kind, task.task, shard, trace, budget: task.budgetMs, link, now)
            } catch {
                refuse(task.task, error, link)
            }
        }
    }

    /// The statistics of a CALL, read anew only if those of the last one on that index were others.
    private mutating func statistics(
        of meta: CallMeta
    ) throws(WireError) -> CollectionStatistics {
        if let known = knownStatistics[meta.index], known.octets == meta.statistics {
            return known.statistics
        }
        let wire = try WireCodec.protobuf.decode(WireStatistics.self, from: meta.statistics)
        let statistics = CollectionStatistics(wire: wire)
        // Of what is not served here nothing is kept.
        if settings.indexes.contains(where: { $0.name == meta.index }) {
            knownStatistics[meta.index] = (meta.statistics, statistics)
        }
        return statistics
    }

    /// A query that a task names; one that cannot be read fails its own tasks only.
    private static func query(
        _ position: UInt32, of task: UInt64, _ queries: [Result<Query, ItemFailure>]
    ) throws(ItemFailure) -> Query {
        guard let position = Int(exactly: position), queries.indices.contains(position) else {
            throw ItemFailure(.badRequest, "task \(task) names a query that is absent")
        }
        return try queries[position].get()
    }

    /// For each query of which several tasks may share what they find: a floor for all of them. One
    /// task alone has the one it came with, if any.
    private func sharedFloors(of tasks: [WireTask]) -> [UInt32: SharedFloor] {
        var floors: [UInt32: SharedFloor] = [:]
        for task in tasks where task.sharesFloor {
            let known = task.hasFloor ? task.floor : nil
            if let floor = floors[task.query] {
                if let known { floor.raise(to: known) }
            } else {
                floors[task.query] = SharedFloor(known)
            }
        }
        return floors
    }

    mutating func fetch(
        _ message: WireMessage, _ link: BrokerLink, _ now: MonotonicInstant
    ) throws(WireError) {
        let meta: WireFetchMeta = try message.meta()
        let queries = try message.queries()
        for task in meta.tasks {
            do throws(ItemFailure) {
                let form = try HitForm(wire: task.form)
                let query =
                    form.highlighting == nil
                    ? .matchNone : try Self.query(task.query, of: task.task, queries)
                let shard = try shard(
                    meta.index, meta.buildID, task.shard, generation: task.generation)
                let job = WorkerJob.FetchJob(
                    keys: task.orderKeys.map { OrderKey($0) }, form: form, query: query)
                let trace = ItemTrace(parent: task.traceparent, state: task.tracestate)
                start(.fetch(job), task.task, shard, trace, budget: task.budgetMs, link, now)
            } catch {
                refuse(task.task, error, link)
            }
        }
    }

    /// The shard a task names, if this worker serves that build and generation of it.
    private func shard(
        _ index: String, _ buildID: String, _ number: UInt32, generation: UInt64
    ) throws(ItemFailure) -> ServedShardKey {
        let key = ServedShardKey(index: index, shard: number)
        guard let known = served[key] else {
            throw ItemFailure(.notFound, "shard \(index)/\(number) is not served here")
        }
        guard known.buildID == buildID, known.generation == generation else {
            throw ItemFailure(
                .notFound,
                "shard \(index)/\(number) is here build \(known.buildID) generation "
                    + "\(known.generation); asked was build \(buildID) generation \(generation)")
        }
        return key
    }

    private mutating func start(
        _ kind: WorkerJob.Kind, _ task: UInt64, _ shard: ServedShardKey, _ trace: ItemTrace?,
        budget: UInt32, _ link: BrokerLink, _ now: MonotonicInstant
    ) {
        let epoch = links[link.position].connection.epoch
        let key = TaskKey(link: link, epoch: epoch, task: task)
        // One that comes twice is answered once.
        guard jobOfTask[key] == nil else { return }
        let isSearch = if case .fetch = kind { false } else { true }
        // A fetch ends work that was begun here, so it is done while draining too.
        let isLeaving = isFinished || isDraining && isSearch
        guard !isLeaving, jobs.count < settings.maxTasks else {
            let why = isLeaving ? "this worker drains" : "this worker holds \(jobs.count) tasks"
            return refuse(task, ItemFailure(.busy, why), link)
        }
        lastJob += 1
        let id = JobID(number: lastJob)
        let deadline = now + .milliseconds(Int64(budget))
        jobs[id] = Job(
            link: link, epoch: epoch, task: task, isSearch: isSearch, startedAt: now,
            deadline: deadline, shard: shard, trace: trace)
        jobOfTask[key] = id
        actions.append(.run(WorkerJob(id: id, shard: shard, deadline: deadline, kind: kind)))
    }

    /// Answers a task at once, without a job.
    private mutating func refuse(_ task: UInt64, _ failure: ItemFailure, _ link: BrokerLink) {
        replies[link, default: ReplyBuilder()].add(task, failed: failure.code, failure.message)
    }

    mutating func cancel(_ cancel: WireCancel, _ link: BrokerLink) {
        let epoch = links[link.position].connection.epoch
        for task in cancel.tasks {
            guard let id = jobOfTask[TaskKey(link: link, epoch: epoch, task: task)] else {
                continue
            }
            actions.append(.cancel(id))
        }
    }

    /// A job is done.
    ///
    /// - Parameter elapsed: the time a thread worked on it, without waiting.
    package mutating func finished(
        _ id: JobID, _ outcome: JobOutcome, elapsed: Duration, at now: MonotonicInstant
    ) {
        guard let job = jobs.removeValue(forKey: id) else { return }
        jobOfTask[TaskKey(link: job.link, epoch: job.epoch, task: job.task)] = nil
        let outcome = withinLimit(outcome)
        let failure = outcome.failureCode
        health.finished(after: elapsed, failure: failure)
        if job.isSearch, failure == nil { learn(elapsed) }
        note(job, outcome, elapsed: elapsed, now)
        guard !job.isDropped, links[job.link.position].connection.epoch == job.epoch,
            links[job.link.position].connection.isJoined
        else { return }
        var reply = replies[job.link] ?? ReplyBuilder()
        replies[job.link] = nil
        reply.add(job.task, outcome, took: elapsed)
        reply.due = min(reply.due, job.deadline, now + settings.replyHold)
        replies[job.link] = reply
        if reply.byteCount >= settings.maxReplyBytes { flushReply(job.link, now) }
    }

    /// An answer whose documents no message and no client would take fails instead.
    private func withinLimit(_ outcome: JobOutcome) -> JobOutcome {
        let documents: [FormedHit] =
            switch outcome {
            case .hits(let answer): answer.documents
            case .documents(let documents): documents
            case .failed, .likeTerms, .explanation: []
            }
        let bytes = documents.reduce(0) { $0 + $1.byteCount }
        guard bytes > settings.maxDocumentBytes else { return outcome }
        return .failed(
            .tooLarge,
            "the documents of this answer have \(bytes) bytes; the limit is "
                + "\(settings.maxDocumentBytes): ask for fewer hits, or for ids only")
    }

    /// Follows the mean service time: a tenth of the way with every search.
    private mutating func learn(_ elapsed: Duration) {
        let seconds = max(elapsed / .seconds(1), 0.000_001)
        serviceSeconds = serviceSeconds.map { $0 + 0.1 * (seconds - $0) } ?? seconds
    }
}

extension WorkerJob.Kind {
    /// From a task of a CALL as the broker sent it.
    fileprivate init(
        _ task: WireTask, query: Query, statistics: CollectionStatistics, floor: SharedFloor?
    ) throws(ItemFailure) {
        switch task.kind {
        case .search:
            let job = try WorkerJob.SearchJob(
                task, query: query, statistics: statistics, floor: floor)
            self = .search(job)
        case .likeTerms:
            self = .likeTerms(WorkerJob.LikeTermsJob(query: query, statistics: statistics))
        case .explain:
            self = .explain(
                WorkerJob.ExplainJob(
                    query: query, statistics: statistics,
                    documentID: Array(task.options.documentID.utf8),
                    limits: task.expansionLimits))
        case .UNRECOGNIZED(let number):
            throw ItemFailure(.unsupported, "a task of the kind \(number) is not known here")
        }
    }
}

extension WireTask {
    fileprivate var expansionLimits: ExpansionLimits {
        ExpansionLimits(excess: lenient ? .cut : .refused)
    }
}

extension WorkerJob.SearchJob {
    /// From a task as the broker sent it.
    fileprivate init(
        _ task: WireTask, query: Query, statistics: CollectionStatistics, floor: SharedFloor?
    ) throws(ItemFailure) {
        // One more than a page: the hit at the place itself may be one that is left out.
        guard task.k <= UInt32(ProtocolLimits.maxHits) + 1 else {
            throw ItemFailure(.badRequest, "k is \(task.k); at most \(ProtocolLimits.maxHits)")
        }
        let options = task.options
        let sort = try SortKey.keys(options.sort)
        let after = options.hasAfter ? try SearchPlace(wire: options.after) : nil
        if let after, after.tuple.values.count != sort.count {
            throw ItemFailure(
                SearchError.sort(
                    SortError(.numberOfValues(after.tuple.values.count, keys: sort.count))))
        }
        self.init(
            query: query, statistics: statistics, k: Int(task.k), lowest: options.lowest,
            floor: task.sharesFloor ? floor : nil, sort: sort, after: after,
            totals: TotalCounting(wire: task.hasCountUpTo ? task.countUpTo : nil),
            limits: task.expansionLimits,
            documentsFrom: options.documents ? Int(clamping: options.first) : nil,
            form: try HitForm(wire: options.form))
    }
}
