import ClusterCore

/// Orders that are answered when what they want has come about, not when it has begun: whoever has added
/// a node then knows that it serves, and whoever has removed one may use its name again.
struct WaitingOrders {
    /// How long an order may wait: below the time a broker waits for its supervisors.
    static let patience = Duration.seconds(4)

    private struct Waiting {
        let id: UInt64
        let order: SupervisorOrder
        let deadline: MonotonicInstant
    }

    /// What came of an order.
    struct Outcome {
        let id: UInt64
        /// Why it came to nothing; nil if it did not.
        let problem: String?
        /// What takes the beginnings of one that came to nothing back.
        var undo: SupervisorOrder?
    }

    private var waiting: [Waiting] = []

    /// When `settle` must be called at the latest.
    var nextDeadline: MonotonicInstant? { waiting.lazy.map(\.deadline).min() }

    /// An order of that number has been begun.
    mutating func append(_ id: UInt64, _ order: SupervisorOrder, at now: MonotonicInstant) {
        waiting.append(Waiting(id: id, order: order, deadline: now + Self.patience))
    }

    /// Takes out the orders that are decided, in the order they came. O(orders × children).
    mutating func settle(_ report: SupervisorReport, at now: MonotonicInstant) -> [Outcome] {
        var outcomes: [Outcome] = []
        waiting.removeAll { waiting in
            let child = report.children.first { $0.name == waiting.order.name }
            let outcome = Self.outcome(of: waiting, child, isLate: waiting.deadline <= now)
            if let outcome { outcomes.append(outcome) }
            return outcome != nil
        }
        return outcomes
    }

    private static func outcome(
        of waiting: Waiting, _ child: ChildReport?, isLate: Bool
    ) -> Outcome? {
        switch waiting.order {
        case .add(let specification):
            starting(waiting.id, child, isLate, undo: .remove(specification.name))
        case .start(let name):
            starting(waiting.id, child, isLate, mayBackOff: true, undo: .stop(name))
        // One that takes long to finish its work is being stopped all the same.
        case .remove:
            child == nil || isLate ? Outcome(id: waiting.id, problem: nil) : nil
        case .stop:
            child?.state.isFinal != false || isLate ? Outcome(id: waiting.id, problem: nil) : nil
        }
    }

    private static func starting(
        _ id: UInt64, _ child: ChildReport?, _ isLate: Bool, mayBackOff: Bool = false,
        undo: SupervisorOrder
    ) -> Outcome? {
        guard let child else { return Outcome(id: id, problem: "it was removed meanwhile") }
        switch child.state {
        case .ready: return Outcome(id: id, problem: nil)
        // One that was being stopped ends first, and then comes back by itself.
        case .backingOff where mayBackOff && !isLate: return nil
        case .backingOff, .stopped, .givenUp:
            return Outcome(id: id, problem: child.lastExit?.reason ?? "it has ended", undo: undo)
        case .starting, .stopping:
            guard isLate else { return nil }
            return Outcome(
                id: id, problem: "the broker has not accepted it within \(Self.patience)",
                undo: undo)
        }
    }
}
