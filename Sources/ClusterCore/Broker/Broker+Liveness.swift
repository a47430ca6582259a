import OrderedCollections
import WireMessages
import WireProtocol

/// Who is silent for how long, and what that means for the shards of workers.
extension Broker {
    /// Any message is a sign of life, which also ends a suspicion; of an unreachable worker it is none,
    /// since it was sent before.
    mutating func heard(from key: WorkerKey, _ now: MonotonicInstant) {
        guard let worker = workers[key], !worker.standing.isUnreachable else { return }
        worker.lastHeard = now
        guard worker.standing.isSuspected else { return }
        worker.standing.isSuspected = false
        served(by: worker)
        // What waits to be sent elsewhere will be answered here after all.
        for task in worker.inFlight.inOrder where task.isWanted && task.kind == .search {
            guard let item = task.pendingItem, item.parts[task.part].state == .ready
            else { continue }
            item.parts[task.part].state = .sent
        }
        announce(
            .nodeHeardAgain, node: worker.name, .info,
            "worker '\(worker.name)' is heard from again", now)
    }

    /// Its shards have an eligible replica again.
    mutating func served(by worker: WorkerSession) {
        guard worker.isServing else { return }
        for ref in worker.shards.refs { map[ref].unservedSince = nil }
    }

    /// If this broker itself was not running for a while, everybody's silence is its own: they get
    /// that time on top, since what they sent meanwhile may not have been read yet.
    mutating func forgiveOwnPause(at now: MonotonicInstant) {
        let pause = lastTurn.duration(to: now)
        guard pause > settings.suspicion else { return }
        for worker in workers.values { worker.lastHeard = min(worker.lastHeard + pause, now) }
        for client in clients.values { client.lastHeard = min(client.lastHeard + pause, now) }
        for (peer, supervisor) in supervisors {
            supervisors[peer]?.lastHeard = min(supervisor.lastHeard + pause, now)
        }
    }

    /// Looks at how long everybody has been silent.
    mutating func checkLiveness(at now: MonotonicInstant) {
        checkWorkers(at: now)
        for client in clients.values.sorted(by: { $0.key.number < $1.key.number }) {
            if client.lastHeard.duration(to: now) >= settings.clientExpiry {
                removeClient(client.key, why: "was silent for too long")
            }
        }
        checkOrders(now)
        takeUpEarlyOrders(now)
        for (peer, supervisor) in supervisors
        where supervisor.lastHeard.duration(to: now) >= settings.supervisorExpiry {
            endSession(of: peer, why: "was silent for too long", now)
        }
    }

    private mutating func checkWorkers(at now: MonotonicInstant) {
        let (silentSince, oldest) = (now - settings.suspicion, oldestGrade(now))
        let due = workers.values.filter { worker in
            worker.lastHeard <= silentSince
                || worker.standing.grade != .unknown && worker.gradedAt <= oldest
        }
        for worker in due.sorted(by: { $0.key.number < $1.key.number }) {
            forgetOldGrade(of: worker, now)
            let silence = worker.lastHeard.duration(to: now)
            if silence >= expiry(of: worker) {
                let what = worker.standing.isUnreachable ? "unreachable" : "silent"
                loseWorker(
                    worker.key, why: "was \(what) for \(silence.wholeMilliseconds) ms", .died, now)
            } else if silence >= settings.suspicion * worker.pace, !worker.standing.isSuspected {
                suspect(worker.key, now)
            }
        }
    }

    /// How many times the usual interval workers are to PING at: with twice as many as may at that,
    /// twice, and so on.
    var workerPace: Int {
        let share = (workers.count + settings.workersAtFullPace - 1) / settings.workersAtFullPace
        return min(max(1, share), settings.maxPace)
    }

    /// What a PONG tells workers.
    var pongToWorkers: WirePong {
        var pong = WirePong()
        pong.healthCheckMs = configuration.healthCheckInterval.wholeMilliseconds
        pong.pingMs = (settings.workerPingInterval * workerPace).wholeMilliseconds
        return pong
    }

    /// How long a worker may be silent; an unreachable one, how long its last words may take to be read.
    private func expiry(of worker: WorkerSession) -> Duration {
        worker.standing.isUnreachable ? settings.suspicion : settings.workerExpiry * worker.pace
    }

    /// A send found no connection. The worker may have ended or left; if it left, its GOODBYE waits to
    /// be read. So its tasks are done elsewhere at once, but for one that was alone there, and its session
    /// ends with what it said last.
    mutating func disconnected(_ key: WorkerKey, _ now: MonotonicInstant) {
        guard let worker = workers[key], !worker.standing.isUnreachable else { return }
        if !worker.standing.isSuspected {
            announce(
                .nodeSuspected, node: worker.name, .warning,
                "worker '\(worker.name)' is unreachable; its \(worker.inFlight.count) tasks are "
                    + "sent elsewhere", now)
        }
        worker.standing.isSuspected = true
        worker.standing.isUnreachable = true
        worker.lastHeard = now
        noteUnserved(worker, now)
        giveUpTasks(of: worker, worker.standing.isDraining ? .left : .unreachable, now)
    }

    /// No new tasks for a silent worker; what it has is also given to others, unless it was given to this
    /// one alone. Reversible.
    private mutating func suspect(_ key: WorkerKey, _ now: MonotonicInstant) {
        guard let worker = workers[key] else { return }
        workers[key]?.standing.isSuspected = true
        announce(
            .nodeSuspected, node: worker.name, .warning,
            "worker '\(worker.name)' is silent; its tasks are sent elsewhere too", now)
        noteUnserved(worker, now)
        for task in worker.inFlight.inOrder
        where task.isInFlight && task.isWanted && !task.isTried {
            if task.kind == .fetch {
                abandon(task)
                resend(task, .suspected, now)
            } else if let item = task.pendingItem, isLeftAlone(item.parts[task.part], by: task) {
                repeatPart(task.part, of: item, wasFetch: false, .suspected, now)
            }
        }
    }

    mutating func noteUnserved(_ worker: WorkerSession, _ now: MonotonicInstant) {
        for ref in worker.shards.refs where !hasEligibleReplica(ref) {
            if map[ref].unservedSince == nil { map[ref].unservedSince = now }
            watchQueue(of: ref, now)
        }
    }
}
