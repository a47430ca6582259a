import TestSupport
import WireProtocol

@testable import ClusterCore

/// What the shells of brokers and workers do in one turn of their loops.
extension ClusterSimulation {
    func turn(of broker: SimulatedBroker, at position: Int) {
        var actions: [BrokerAction] = []
        for connection in connections where connection.broker == position && connection.isUp {
            for frames in connection.toBroker.takeDue(at: now) {
                actions += broker.receive(frames, from: connection.peer, at: now)
            }
        }
        for report in broker.reports.takeDue(at: now) { broker.receiveHealth(report, at: now) }
        actions += broker.endTurn(at: now)
        checkPreference(of: broker, actions)
        // A failed send frees tasks for other workers, which are then handed out at once.
        while carryOut(actions, of: broker) { actions = broker.endTurn(at: now) }
        for violation in broker.takeViolations() { violated("\(broker.name): \(violation)") }
        broker.wakesAt = broker.global(broker.machine.nextDeadline)
    }

    /// True if any peer could not be reached, which ended its session.
    private func carryOut(_ actions: [BrokerAction], of broker: SimulatedBroker) -> Bool {
        var anyFailed = false
        for action in actions {
            switch action {
            case .log(_, let text): note("\(broker.name): \(text)")
            case .publish, .describeMetrics: break
            case .send(let frames, let peer):
                guard !send(frames, to: peer) else { continue }
                broker.machine.sendFailed(to: peer, blocked: false, at: broker.local(now))
                anyFailed = true
            }
        }
        return anyFailed
    }

    func turn(of worker: SimulatedWorker) {
        if worker.machine == nil { start(worker) }
        let local = worker.local(now)
        for (position, socket) in worker.sockets.enumerated() {
            for frames in socket.connection?.toPeer.takeDue(at: now) ?? [] {
                worker.machine?.receive(frames, on: BrokerLink(position: position), at: local)
            }
        }
        for running in worker.running where running.endsAt <= now { finish(running, of: worker) }
        worker.running.removeAll { $0.endsAt <= now }
        if let end = worker.probeEndsAt, end <= now {
            worker.probeEndsAt = nil
            worker.machine?.probed(worker.findings(at: now))
        }
        worker.machine?.endTurn(at: local)
        for action in worker.machine?.takeActions() ?? [] { carryOut(action, of: worker) }
        // One that has just ended wakes as the next process.
        if let machine = worker.machine { worker.wakesAt = worker.global(machine.nextDeadline) }
    }

    private func finish(_ running: SimulatedWorker.Running, of worker: SimulatedWorker) {
        let local = worker.local(now)
        let outcome: JobOutcome =
            if running.isCancelled {
                .failed(.cancelled, "")
            } else if running.job.deadline < local {
                .failed(.deadline, "")
            } else {
                corpora[running.job.shard.index].run(running.job)
            }
        worker.machine?.finished(
            running.job.id, outcome, elapsed: running.startedAt.duration(to: now), at: local)
    }

    private func carryOut(_ action: WorkerAction, of worker: SimulatedWorker) {
        switch action {
        case .send(let frames, let link):
            if !send(frames, on: worker.sockets[link.position]) {
                worker.machine?.sendBlocked(on: link, at: worker.local(now))
            }
        case .reconnect(let link):
            worker.sockets[link.position].disconnect(at: now, linger: .zero)
        case .run(let job):
            worker.running.append(
                .init(job: job, startedAt: now, endsAt: now + service(of: worker)))
        case .cancel(let id):
            for position in worker.running.indices where worker.running[position].job.id == id {
                worker.running[position].isCancelled = true
                worker.running[position].endsAt = min(
                    worker.running[position].endsAt, now + .milliseconds(1))
            }
        case .log(_, let text): note("\(worker.name): \(text)")
        case .probe:
            worker.probeEndsAt = now + .milliseconds(Int.random(in: 1...20, using: &random))
        case .publish(let frames): publish(frames, of: worker)
        case .finished:
            note("\(worker.name): has drained and ends")
            // The sockets linger for what was sent last.
            ended(worker, .exited(code: 0), linger: .milliseconds(20))
        }
    }

    /// How long a job that begins now will take.
    private func service(of worker: SimulatedWorker) -> Duration {
        let usual = Duration.microseconds(Int.random(in: 50...slowest, using: &random))
        return worker.slowUntil > now ? min(usual * worker.slowness, .seconds(8)) : usual
    }
}
