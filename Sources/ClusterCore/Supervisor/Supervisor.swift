/// Keeps a set of processes running: decides when each is started, restarted, drained, killed or
/// given up. Strategy `one_for_one` (Erlang/OTP, `supervisor` behaviour): a child that ends is
/// started again by itself, and the others are left alone.
///
/// A pure state machine: an event and the instant go in, actions come out, and it has no clock,
/// no processes and no random source of its own. A shell carries the actions out in their order
/// and calls ``handle(_:at:using:)`` with ``SupervisorEvent/tick`` no later than
/// ``nextDeadline``. Events must come with instants that never go back.
///
/// Differs from OTP in what the restart limit does: it gives up the one child, not the
/// supervisor; docs/decisions/0003-restart-limit-gives-up-one-child.md says why.
package struct Supervisor: Sendable {
    /// What the supervisor as a whole does; moves only downwards.
    enum Phase: Hashable, Sendable {
        case idle
        case running
        case stoppingWorkers
        case stoppingBrokers
        case finished
    }

    /// Brokers first, then workers, each in the given order.
    var children: [SupervisedChild]
    /// The last children that were forgotten, as they ended; oldest first, at most `maxRemoved`.
    var removed: [ChildReport] = []
    var phase = Phase.idle
    /// When children are restarted, and how long they may take.
    package let policy: RestartPolicy

    /// A supervisor of `children`, whose names must differ.
    package init(children: [ChildSpecification], policy: RestartPolicy) {
        precondition(
            Set(children.map(\.name)).count == children.count,
            "the children of a supervisor must have different names: \(children.map(\.name))")
        let ordered =
            children.filter { $0.kind == .broker } + children.filter { $0.kind == .worker }
        self.children = ordered.map { SupervisedChild(specification: $0) }
        self.policy = policy
    }

    /// The state of all children now.
    package var report: SupervisorReport {
        SupervisorReport(children: children.map(\.report), removed: removed)
    }

    /// When the next tick is due; nil when only an outside event can change anything. O(children).
    package var nextDeadline: MonotonicInstant? {
        children.lazy.compactMap(\.deadline).min()
    }

    /// Takes one event, and whatever became due by `now`.
    ///
    /// An event that does not fit (an unknown child, another process than the child's own) is
    /// ignored: it is about a process that is already gone. O(children).
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: when; no earlier than at the call before.
    ///   - generator: the source of the jitter of restarts.
    /// - Returns: what to do, in this order; ends with one report when any child changed, and
    ///   with `finished` when there will be no more.
    package mutating func handle(
        _ event: SupervisorEvent, at now: MonotonicInstant,
        using generator: inout some RandomNumberGenerator
    ) -> [SupervisorAction] {
        guard phase != .finished else { return [] }
        let before = report
        var actions: [SupervisorAction] = []
        apply(event, at: now, using: &generator, into: &actions)
        passTime(to: now, into: &actions)
        forgetRemoved()
        let end = advancePhase(at: now, into: &actions)
        let after = report
        if after != before { actions.append(.report(after)) }
        if let end { actions.append(.finished(end)) }
        return actions
    }

    private mutating func apply(
        _ event: SupervisorEvent, at now: MonotonicInstant,
        using generator: inout some RandomNumberGenerator, into actions: inout [SupervisorAction]
    ) {
        switch event {
        case .start:
            start(into: &actions)
        case .spawned(let name, let process):
            spawned(name, process, at: now, into: &actions)
        case .spawnFailed(let name, let reason):
            guard let index = indexOfStart(name) else { return }
            ended(index, "could not be started: \(reason)", at: now, &generator, &actions)
        case .ready(let name, let process):
            ready(name, process, at: now)
        case .unresponsive(let name, let process, let reason):
            unresponsive(name, process, reason: reason, at: now, into: &actions)
        case .exited(let name, let process, let status):
            guard let index = index(of: name, process) else { return }
            ended(
                index, status.description, isOrderly: status.isSuccess, at: now, &generator,
                &actions)
        case .drainRequested:
            drain(at: now, into: &actions)
        case .killRequested:
            killAll(at: now, into: &actions)
        case .order(let order):
            obey(order, at: now, into: &actions)
        case .tick:
            break
        }
    }

    private mutating func start(into actions: inout [SupervisorAction]) {
        guard phase == .idle else { return }
        phase = .running
        for index in children.indices { spawn(index, into: &actions) }
    }

    /// Does what `now` has made due: restarts after a wait, kills after a limit.
    private mutating func passTime(to now: MonotonicInstant, into actions: inout [SupervisorAction])
    {
        for index in children.indices {
            guard let deadline = children[index].deadline, deadline <= now else { continue }
            if case .backingOff = children[index].state {
                children[index].restarts += 1
                children[index].history.recordRestart(at: now, policy: policy)
                spawn(index, into: &actions)
            } else {
                killLate(index, into: &actions)
            }
        }
    }

    mutating func spawn(_ index: Int, into actions: inout [SupervisorAction]) {
        precondition(!children[index].isLive, "a child must not have two processes")
        children[index].state = .starting
        children[index].spawnPending = true
        actions.append(
            .spawn(children[index].specification.name, attempt: children[index].restarts))
    }
}
