import WireMessages
import WireProtocol

/// What tasks show of the replicas that got them: latency, success, the state of their breaker.
extension Broker {
    /// Enters a wanted answer. Latencies are those of plain searches and of fetches, each by its class:
    /// explanations and terms of documents are like neither. Replicas are chosen by those of searches.
    mutating func learn(from task: PendingTask, failed: Bool, _ now: MonotonicInstant) {
        if failed { task.worker.tasksFailed += 1 }
        if task.kind == .search { noteOutcome(of: task, failed: failed, now) }
        guard let kind = task.queryClass else { return }
        let latency = task.sentAt.duration(to: now)
        if task.kind == .search {
            map[task.shard].replicas.learn(
                of: task.worker.key, latency: latency, load: task.load, failed: failed, at: now)
        }
        if !failed { map[task.shard].delays.add(latency, of: kind) }
    }

    /// Enters a task that is given up without an answer, if it was late: it took at least this long.
    mutating func learnOfLateness(of task: PendingTask, _ now: MonotonicInstant) {
        guard task.isInFlight, task.isWanted, let kind = task.queryClass else { return }
        let waited = task.sentAt.duration(to: now)
        guard waited >= map[task.shard].delays.delay(of: kind) else { return }
        if task.kind == .search {
            map[task.shard].replicas.waited(
                for: task.worker.key, atLeast: waited, load: task.load, at: now)
        }
        map[task.shard].delays.add(waited, of: kind)
    }

    /// A wanted search had no answer when its time was over: a failure, where the worker is to blame and not
    /// the query. So it must be very late for its kind, and another replica must serve its shard: a client
    /// whose budgets are too small must not take the last one away from all others.
    mutating func noteExpiry(of task: PendingTask, _ now: MonotonicInstant) {
        guard task.kind == .search, task.isWanted, isVeryLate(task, now),
            map[task.shard].replicas.workers.contains(where: {
                $0 != task.worker.key && workers[$0]?.isServing == true
            })
        else { return }
        task.worker.tasksFailed += 1
        noteOutcome(of: task, failed: true, now)
    }

    private mutating func noteOutcome(
        of task: PendingTask, failed: Bool, _ now: MonotonicInstant
    ) {
        let worker = task.worker
        if !failed { worker.noteAnswer() }
        switch worker.breaker.answered(failed: failed, sentAt: task.sentAt, at: now) {
        case .breakerOpen?:
            announce(
                .breakerOpened, node: worker.name, .warning,
                "worker '\(worker.name)' fails most of its tasks: it gets none for a while", now)
            noteUnserved(worker, now)
        case .breakerClosed?:
            announce(
                .breakerReclosed, node: worker.name, .info,
                "worker '\(worker.name)' succeeds again", now)
            served(by: worker)
        default: break
        }
    }
}
