/// The way to the end: workers first, so that their last answers still find a broker.
extension Supervisor {
    mutating func drain(at now: MonotonicInstant, into actions: inout [SupervisorAction]) {
        guard phase == .running || phase == .idle else { return }
        phase = .stoppingWorkers
        settleWaiting()
        askToStop(.worker, at: now, into: &actions)
    }

    mutating func killAll(at now: MonotonicInstant, into actions: inout [SupervisorAction]) {
        phase = .stoppingBrokers
        settleWaiting()
        for index in children.indices where children[index].isLive {
            children[index].state = .stopping
            children[index].killAt = nil
            if let process = children[index].process {
                actions.append(.signal(process, .kill))
            }
        }
    }

    /// Asks one child to end, with its grace time from now on.
    mutating func askToStop(
        _ index: Int, at now: MonotonicInstant, into actions: inout [SupervisorAction]
    ) {
        children[index].state = .stopping
        children[index].killAt = now + policy.grace
        if let process = children[index].process {
            actions.append(.signal(process, .drain))
        }
    }

    /// Moves on when the current phase has nothing left to wait for.
    /// Returns why the supervisor ends, if it does.
    mutating func advancePhase(
        at now: MonotonicInstant, into actions: inout [SupervisorAction]
    ) -> SupervisorEnd? {
        if phase == .stoppingWorkers && isAtRest(.worker) {
            phase = .stoppingBrokers
            askToStop(.broker, at: now, into: &actions)
        }
        if phase == .stoppingBrokers && isAtRest(.worker) && isAtRest(.broker) {
            phase = .finished
            return .stopped
        }
        if phase == .running && !children.isEmpty && children.allSatisfy({ $0.state == .givenUp }) {
            phase = .finished
            return .everyChildGivenUp
        }
        return nil
    }

    private func isAtRest(_ kind: ChildSpecification.Kind) -> Bool {
        children.allSatisfy { $0.specification.kind != kind || $0.state.isFinal }
    }

    /// Children that wait for a restart will not get it.
    private mutating func settleWaiting() {
        for index in children.indices {
            if case .backingOff = children[index].state { children[index].state = .stopped }
        }
    }

    private mutating func askToStop(
        _ kind: ChildSpecification.Kind, at now: MonotonicInstant,
        into actions: inout [SupervisorAction]
    ) {
        for index in children.indices
        where children[index].specification.kind == kind && children[index].isLive
            && children[index].state != .stopping
        {
            askToStop(index, at: now, into: &actions)
        }
    }
}
