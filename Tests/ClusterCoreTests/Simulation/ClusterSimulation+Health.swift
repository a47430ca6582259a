import WireProtocol

@testable import ClusterCore

/// What workers say of their own health, and what brokers make of it.
extension ClusterSimulation {
    /// Checks of a worker find something wrong for a while.
    func ail(_ worker: SimulatedWorker, isGrave: Bool, for length: Duration) {
        note("fault: checks of \(worker.name) fail\(isGrave ? "" : " a little") for \(length)")
        worker.ailment = .init(isGrave: isGrave, until: now + length)
        lasts(until: now + length)
    }

    /// Whether a worker's shards are gone, or were when they were looked at last.
    func isAiling(_ worker: SimulatedWorker) -> Bool {
        let hasFound = worker.machine?.check.findings?.failures.isEmpty == false
        return hasFound || worker.ailment.map { $0.isGrave && $0.until > now } ?? false
    }

    /// A report goes to all brokers by a way of its own, on which it may be lost or overtaken.
    func publish(_ frames: [Frame], of worker: SimulatedWorker) {
        tellSupervisor(frames, of: worker)
        for (position, broker) in brokers.enumerated() {
            let isLost =
                partitions.contains { $0.separates(worker.name, from: position, at: now) }
                || hasFaults && Int.random(in: 0..<16, using: &random) == 0
            guard !isLost, broker.opensAt <= now else { continue }
            broker.reports.insert(frames, at: now + delay)
        }
    }

    /// The supervisor learns from it that a process is ready.
    private func tellSupervisor(_ frames: [Frame], of worker: SimulatedWorker) {
        guard let supervisor, let name = ChildName(worker.name),
            supervisor.machine.children.contains(where: {
                $0.specification.name == name && $0.state == .starting
            }),
            let message = try? WireMessage.decode(Array(frames.dropFirst())),
            let health: WireHealth = try? message.meta(), health.state == .ready
        else { return }
        supervisor.post(.ready(name, ProcessID(Int32(health.pid))), at: now + delay)
    }

    /// No task is given to a degraded worker for the first time while a sound one has room for it; where a
    /// worker joins in the same turn, it may have come after the choice.
    func checkPreference(of broker: SimulatedBroker, _ actions: [BrokerAction]) {
        let isJoined = actions.contains {
            guard case .send(let frames, let peer) = $0, peer.link == .worker else { return false }
            return (try? Header.decode(frames[0]).command) == .welcome
        }
        guard !isJoined else { return }
        for case .send(let frames, let peer) in actions {
            guard case .worker(let key)? = broker.machine.peers[peer],
                broker.machine.workers[key]?.standing.grade == .degraded,
                let message = try? WireMessage.decode(frames), message.header.command == .call,
                let call: WireCallMeta = try? message.meta()
            else { continue }
            for task in call.tasks {
                guard
                    let sound = broker.machine.soundReplica(
                        for: TaskID(number: task.task), at: broker.local(now))
                else { continue }
                violated("\(broker.name): a task for a degraded worker; '\(sound)' had room")
            }
        }
    }
}

extension Broker {
    /// The name of a worker in good health that could have been given a task that has just been sent
    /// to another; nil also for second tasks, which go to whoever has least to do.
    func soundReplica(for id: TaskID, at now: MonotonicInstant) -> String? {
        guard let task = tasks[id], items[task.item.id] != nil,
            task.item.parts[task.part].tasks.map(\.id) == [id]
        else { return nil }
        let part = task.item.parts[task.part]
        let sound = map[part.shard].replicas.workers.first {
            $0 != task.worker.key
                && workers[$0]?.openLoad(seenFrom: settings.zone, at: now)?.isSound == true
        }
        return sound.flatMap { workers[$0]?.name }
    }
}
