import TestSupport
import WireProtocol

@testable import ClusterCore

/// A supervisor that starts the workers, and the host that it does so on.
extension ClusterSimulation {
    func addSupervisor() {
        var policy = RestartPolicy()
        policy.limit = [5, 1_000].randomElement(using: &random) ?? 5
        policy.backoff = .milliseconds(Int.random(in: 20...500, using: &random))
        policy.backoffMaximum = .milliseconds(Int.random(in: 500...5_000, using: &random))
        policy.stableAfter = .milliseconds(Int.random(in: 100...10_000, using: &random))
        policy.grace = .milliseconds(Int.random(in: 20...3_000, using: &random))
        supervisor = SimulatedSupervisor(
            workers: workers.compactMap { ChildName($0.name) }, policy: policy,
            brokerCount: brokers.count, random: SeededRandom(seed: random.next()), now: now)
        for worker in workers {
            worker.machine = nil
            worker.isRunning = false
        }
        isCrashingOnly = Int.random(in: 0..<4, using: &random) == 0
        if isCrashingOnly { faultMix = [.workerCrash] }
    }

    func turn(of supervisor: SimulatedSupervisor) {
        let local = supervisor.local(now)
        for position in supervisor.links.indices {
            let connection = supervisor.links[position].socket.connection
            for frames in connection?.toPeer.takeDue(at: now) ?? [] {
                _ = supervisor.links[position].node.receive(frames, at: local, random: 0.5)
            }
            for (id, admin) in supervisor.links[position].node.takeOrders() {
                let problem = obey(admin, supervisor)
                supervisor.links[position].node.answer(id, problem: problem)
            }
        }
        for event in supervisor.takeDue(at: now) { handle(event, supervisor) }
        handle(.tick, supervisor)
        for position in supervisor.links.indices { keep(position, supervisor) }
        let next = supervisor.links.map(\.node.nextDeadline).min() ?? .distantFuture
        supervisor.wakesAt = supervisor.global(
            min(next, supervisor.machine.nextDeadline ?? .distantFuture))
    }

    private func keep(_ position: Int, _ supervisor: SimulatedSupervisor) {
        let local = supervisor.local(now)
        if supervisor.links[position].node.step(at: local, using: &random) {
            supervisor.links[position].socket.disconnect(at: now, linger: .zero)
        }
        for frames in supervisor.links[position].node.takeMessages(at: local)
        where !send(frames, on: supervisor.links[position].socket) {
            supervisor.links[position].node.blocked(at: local)
        }
    }

    /// What a broker has passed on; why it cannot be done.
    private func obey(_ admin: WireAdmin, _ supervisor: SimulatedSupervisor) -> String? {
        let order: SupervisorOrder? =
            switch admin.verb {
            case .drain(let node): ChildName(node.name).map { .stop($0) }
            case .remove(let node): ChildName(node.name).map { .remove($0) }
            case .start(let node): ChildName(node.name).map { .start($0) }
            case .add(let nodes):
                ChildName(nodes.nodes[0].name).map { .add(SimulatedSupervisor.specification($0)) }
            default: nil
            }
        guard let order else { return "not for supervisors" }
        if let problem = supervisor.machine.problem(with: order) { return problem }
        handle(.order(order), supervisor)
        return nil
    }

    private func handle(_ event: SupervisorEvent, _ supervisor: SimulatedSupervisor) {
        let local = supervisor.local(now)
        switch event {
        case .exited(let name, _, _), .spawnFailed(let name, _): supervisor.endedAt[name] = local
        default: break
        }
        let before = supervisor.machine.report
        let actions = supervisor.machine.handle(event, at: local, using: &supervisor.random)
        for action in actions {
            switch action {
            case .spawn(let name, _): spawn(name, supervisor, before)
            case .signal(let process, let signal): deliver(signal, to: process)
            case .report(let report):
                for position in supervisor.links.indices {
                    supervisor.links[position].node.report(report)
                }
            case .notice(let notice): note("\(supervisor.name): \(notice)")
            case .finished(.everyChildGivenUp):
                note("\(supervisor.name): ends, and is started again")
                supervisor.startAgain(at: now + delay)
            case .finished: violated("the supervisor ends although nobody told it to")
            }
        }
    }
}

// MARK: Processes

extension ClusterSimulation {
    private func spawn(
        _ name: ChildName, _ supervisor: SimulatedSupervisor, _ before: SupervisorReport
    ) {
        guard let worker = workers.first(where: { $0.name == name.text }) else {
            return violated("\(name) is started, which nobody knows")
        }
        if worker.isRunning { violated("\(name) is started twice") }
        let isAutomatic = before.children.contains { child in
            if case .backingOff = child.state { child.name == name } else { false }
        }
        if isAutomatic { checkWait(of: name, supervisor) }
        guard Int.random(in: 0..<8, using: &random) != 0 else {
            return supervisor.post(.spawnFailed(name, reason: "no memory"), at: now + delay)
        }
        supervisor.lastProcess += 1
        note("\(supervisor.name): starts \(name) as process \(supervisor.lastProcess)")
        worker.settings.pid = UInt32(supervisor.lastProcess)
        worker.settings.incarnation = random.next() >> 11
        worker.isRunning = true
        worker.wakesAt = now + .milliseconds(Int.random(in: 1...100, using: &random))
        supervisor.post(.spawned(name, ProcessID(supervisor.lastProcess)), at: now)
        lasts(until: worker.wakesAt)
    }

    /// A child that ended is left alone for at least half of the shortest wait.
    private func checkWait(of name: ChildName, _ supervisor: SimulatedSupervisor) {
        supervisor.restarts += 1
        let policy = supervisor.machine.policy
        let least = min(policy.quickBackoff, policy.backoff, policy.backoffMaximum) / 2
        guard let endedAt = supervisor.endedAt[name] else { return }
        let wait = endedAt.duration(to: supervisor.local(now))
        if wait < least { violated("\(name) is started again after \(wait)") }
    }

    private func deliver(_ signal: ChildSignal, to process: ProcessID) {
        guard
            let worker = workers.first(where: {
                $0.isRunning && $0.settings.pid == UInt32(process.rawValue)
            })
        else { return }
        switch signal {
        case .drain where worker.machine != nil: drain(worker)
        case .drain: ended(worker, .exited(code: 0), linger: .zero)
        case .kill: ended(worker, .killed(signal: 9), linger: .zero)
        }
    }

    /// A worker's process has ended: its supervisor hears of it, and starts another as it sees fit;
    /// without one another starts by itself.
    func ended(_ worker: SimulatedWorker, _ status: ExitStatus, linger: Duration) {
        guard let supervisor, let name = ChildName(worker.name) else {
            let length = Duration.milliseconds(Int.random(in: 10...6_000, using: &random))
            note("\(worker.name): starts again after \(length)")
            return end(worker, for: length, linger: linger)
        }
        guard worker.isRunning else { return }
        let incarnation = worker.settings.incarnation
        let process = ProcessID(Int32(worker.settings.pid))
        end(worker, for: .zero, linger: linger)
        worker.isRunning = false
        worker.wakesAt = .distantFuture
        worker.dueAt = .distantFuture
        supervisor.post(.exited(name, process, status), at: now + delay)
        if isCrashingOnly { expectedLosses.append((now + Self.promptly, incarnation)) }
    }

    /// Where nothing but workers fails, brokers hear of it at once, whether they talk to them or not.
    func checkLosses() {
        while let loss = expectedLosses.first, loss.at <= now {
            expectedLosses.removeFirst()
            for broker in brokers where broker.machine.hasSession(of: loss.incarnation) {
                violated("\(broker.name) has not heard of a process's end")
            }
        }
    }

    /// Starts what was given up, or stopped by operators, once all faults are over.
    func reviveWorkers() {
        guard let supervisor, faults.isEmpty, clients.allSatisfy(\.isDone) else { return }
        for worker in workers {
            guard let name = ChildName(worker.name) else { continue }
            let child = supervisor.machine.report.children.first { $0.name == name }
            guard child?.state.isFinal != false else { continue }
            note("\(worker.name) is started by hand")
            let specification = SimulatedSupervisor.specification(name)
            supervisor.post(.order(child == nil ? .add(specification) : .start(name)), at: now)
            lasts(until: now)
        }
    }

    /// Whether every worker that should run does.
    var areWorkersReady: Bool {
        guard let supervisor else { return true }
        return workers.allSatisfy { worker in
            supervisor.machine.report.children.contains {
                $0.name.text == worker.name && $0.state == .ready
            }
        }
    }
}

extension Broker {
    func hasSession(of incarnation: UInt64) -> Bool {
        workers.values.contains { $0.incarnation == incarnation }
    }
}
