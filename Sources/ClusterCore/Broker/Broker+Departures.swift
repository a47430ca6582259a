import DequeModule
import OrderedCollections
import WireMessages
import WireProtocol

/// How workers leave: by DRAIN and GOODBYE or lost; and what becomes of their tasks.
extension Broker {
    mutating func drain(_ key: WorkerKey, _ now: MonotonicInstant) {
        guard let worker = workers[key], !worker.standing.isDraining else { return }
        workers[key]?.standing.isDraining = true
        noteUnserved(worker, now)
        announce(
            .nodeDraining, node: worker.name, .info, "worker '\(worker.name)' drains", now)
    }

    mutating func leave(_ key: WorkerKey, reason: String, _ now: MonotonicInstant) {
        guard let worker = workers[key] else { return }
        announce(
            .nodeLeft, node: worker.name, .info, "worker '\(worker.name)' left: \(reason)", now)
        removeWorker(worker, .left, now)
    }

    /// A worker's session ends without its GOODBYE.
    mutating func loseWorker(
        _ key: WorkerKey, why: String, _ end: WorkerEnd, _ now: MonotonicInstant
    ) {
        guard let worker = workers[key] else { return }
        counters.workersLost += 1
        announce(
            .nodeLost, node: worker.name, .warning,
            "worker '\(worker.name)' \(why); lost with \(worker.inFlight.count) tasks", now)
        record(worker.name) { $0.timesLost += 1 }
        removeWorker(worker, end, now)
    }

    /// Ends a worker's session and does its tasks again elsewhere.
    private mutating func removeWorker(
        _ worker: WorkerSession, _ end: WorkerEnd, _ now: MonotonicInstant
    ) {
        workers[worker.key] = nil
        peers[worker.peer] = nil
        map.remove(worker.key, shards: worker.shards.refs)
        noteUnserved(worker, now)
        record(worker.name) {
            $0.ended = .init(
                state: end == .left ? .stopping : .lost, process: worker.process,
                pool: worker.pool, tasksDone: worker.tasksDone, tasksFailed: worker.tasksFailed,
                breaker: worker.breaker.atRest, at: now)
        }
        closeCases(of: worker, end)
        giveUpTasks(of: worker, end, now)
        worker.keptFor = nil
        if records[worker.name]?.isRemoved == true { forgetNode(worker.name, now) }
    }

    /// Does the tasks of a worker that will not answer them again elsewhere, but for those that are held.
    mutating func giveUpTasks(
        of worker: WorkerSession, _ end: WorkerEnd, _ now: MonotonicInstant
    ) {
        // They hold their worker, which holds them.
        worker.waitingFetches = []
        fetchingWorkers.remove(worker.key)
        // One by one: to lose a task may abandon others, which must be known to be in flight then.
        for task in worker.inFlight.inOrder where !isHeld(task, end) {
            worker.inFlight.remove(task)
            tasks[task.id] = nil
            counters.calls.lost(isWanted: task.isWanted)
            guard task.isWanted else { continue }
            lost(task, by: worker, end, now)
        }
    }

    private mutating func lost(
        _ task: PendingTask, by worker: WorkerSession, _ end: WorkerEnd, _ now: MonotonicInstant
    ) {
        guard let item = task.pendingItem else { return }
        guard !accuse(task, end) else { return condemn(task.part, of: item, last: worker, now) }
        resend(task, end == .left ? .left : .lost, now)
    }

    /// Whether a part that was sent has no other task at a worker that is thought to answer.
    func isLeftAlone(_ part: ItemPart, by task: PendingTask) -> Bool {
        part.state == .sent && isAlone(task, among: part.tasks)
    }

    /// Whether no other of some tasks is at a worker that is thought to answer.
    func isAlone(_ task: PendingTask, among tasks: [PendingTask]) -> Bool {
        tasks.allSatisfy { other in
            guard other !== task, other.isInFlight else { return true }
            return other.worker.standing.isSuspected || workers[other.worker.key] == nil
        }
    }
}
