/// Children that come and go while the supervisor runs.
extension Supervisor {
    /// The most children: their report must fit a message and a broker's memory.
    package static let maxChildren = 4_096
    /// Of so many removed children is reported how they ended.
    static let maxRemoved = 16

    /// Why an order cannot be carried out, in words; nil if it can.
    package func problem(with order: SupervisorOrder) -> String? {
        guard phase == .running else { return "the supervisor is stopping" }
        let child = children.first { $0.specification.name == order.name }
        if case .add = order {
            guard child == nil else { return "there is a child named '\(order.name)' already" }
            return children.count < Self.maxChildren
                ? nil : "the supervisor has \(children.count) children, its limit"
        }
        guard let child, !child.isRemoved else { return "no child is named '\(order.name)'" }
        return child.specification.kind == .worker
            ? nil : "'\(order.name)' is a broker; only workers come and go"
    }

    /// Carries an order out as far as it can be now; one with a problem changes nothing.
    mutating func obey(
        _ order: SupervisorOrder, at now: MonotonicInstant, into actions: inout [SupervisorAction]
    ) {
        guard problem(with: order) == nil else { return }
        if case .add(let specification) = order {
            // Process numbers come again; those of an earlier child of the name say nothing now.
            removed.removeAll { $0.name == specification.name }
            children.append(SupervisedChild(specification: specification))
            return spawn(children.count - 1, into: &actions)
        }
        guard let index = children.firstIndex(where: { $0.specification.name == order.name })
        else { return }
        switch order {
        case .add: break
        case .remove:
            children[index].isRemoved = true
            stop(index, at: now, into: &actions)
        case .stop: stop(index, at: now, into: &actions)
        case .start:
            children[index].isHeld = false
            guard children[index].state.isFinal else { return }
            children[index].history = RestartHistory()
            spawn(index, into: &actions)
        }
    }

    private mutating func stop(
        _ index: Int, at now: MonotonicInstant, into actions: inout [SupervisorAction]
    ) {
        children[index].isHeld = true
        guard children[index].isLive else {
            children[index].state = .stopped
            return
        }
        if children[index].state != .stopping { askToStop(index, at: now, into: &actions) }
    }

    /// Forgets removed children that have ended.
    mutating func forgetRemoved() {
        let gone = children.filter { $0.isRemoved && $0.state.isFinal }
        guard !gone.isEmpty else { return }
        children.removeAll { $0.isRemoved && $0.state.isFinal }
        removed = (removed + gone.map(\.report)).suffix(Self.maxRemoved)
    }
}
