/// Events of single children.
extension Supervisor {
    /// The child `name`, if `process` is its live one.
    func index(of name: ChildName, _ process: ProcessID) -> Int? {
        children.firstIndex { $0.specification.name == name && $0.process == process }
    }

    /// The child `name`, if a start of it is unanswered.
    func indexOfStart(_ name: ChildName) -> Int? {
        children.firstIndex { $0.specification.name == name && $0.spawnPending }
    }

    mutating func spawned(
        _ name: ChildName, _ process: ProcessID, at now: MonotonicInstant,
        into actions: inout [SupervisorAction]
    ) {
        guard let index = indexOfStart(name) else { return }
        children[index].spawnPending = false
        children[index].process = process
        guard children[index].state == .stopping else {
            children[index].killAt = now + policy.startTimeout
            return
        }
        // The stop was asked for while the start was under way. Without a limit set, the order
        // was to kill.
        if children[index].killAt == nil {
            actions.append(.signal(process, .kill))
        } else {
            actions.append(.signal(process, .drain))
        }
    }

    mutating func ready(_ name: ChildName, _ process: ProcessID, at now: MonotonicInstant) {
        guard let index = index(of: name, process), children[index].state == .starting,
            children[index].endedBecause == nil
        else { return }
        children[index].state = .ready
        children[index].readySince = now
        children[index].killAt = nil
    }

    mutating func unresponsive(
        _ name: ChildName, _ process: ProcessID, reason: String, at now: MonotonicInstant,
        into actions: inout [SupervisorAction]
    ) {
        guard let index = index(of: name, process), children[index].state == .ready else { return }
        children[index].endedBecause = "unresponsive (\(reason))"
        actions.append(.notice(.unresponsive(name, process, reason: reason)))
        askToStop(index, at: now, into: &actions)
    }

    /// The process of a child ended, or could not be started: rest, restart or give up.
    mutating func ended(
        _ index: Int, _ reason: String, isOrderly: Bool = false, at now: MonotonicInstant,
        _ generator: inout some RandomNumberGenerator, _ actions: inout [SupervisorAction]
    ) {
        let readyTime = children[index].readySince.map { $0.duration(to: now) } ?? .zero
        children[index].recordEnd(reason, isOrderly: isOrderly)
        guard phase == .running, !children[index].isHeld, let exit = children[index].lastExit
        else {
            children[index].state = .stopped
            return
        }
        let name = children[index].specification.name
        children[index].history.recordFailure(readyFor: readyTime, policy: policy)
        let fraction = Double.random(in: 0..<1, using: &generator)
        switch policy.decision(after: children[index].history, at: now, fraction: fraction) {
        case .restart(let instant):
            children[index].state = .backingOff(until: instant)
            actions.append(
                .notice(.restarting(name, exit, wait: now.duration(to: instant))))
        case .giveUp:
            children[index].state = .givenUp
            actions.append(
                .notice(
                    .givenUp(name, exit, restarts: policy.limit, period: policy.period)))
        }
    }

    /// Kills a live process whose limit has passed: it was not ready, or did not end, in time.
    mutating func killLate(_ index: Int, into actions: inout [SupervisorAction]) {
        guard let process = children[index].process else { return }
        let name = children[index].specification.name
        children[index].killAt = nil
        actions.append(.signal(process, .kill))
        if children[index].state == .starting {
            children[index].endedBecause = "not ready within \(policy.startTimeout)"
            actions.append(
                .notice(.startTimedOut(name, process, limit: policy.startTimeout)))
        } else {
            actions.append(.notice(.graceOver(name, process, grace: policy.grace)))
        }
    }
}
