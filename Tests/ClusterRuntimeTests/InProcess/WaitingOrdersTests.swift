import ClusterCore
import Testing

@testable import ClusterRuntime

/// When an order to a supervisor in this process is answered, and how.
struct WaitingOrdersTests {
    private let name: ChildName
    private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    init() throws {
        name = try #require(ChildName("n"))
    }

    private var addition: SupervisorOrder {
        .add(ChildSpecification(name: name, kind: .worker, arguments: []))
    }

    private func report(_ state: ChildState?, _ reason: String? = nil) -> SupervisorReport {
        SupervisorReport(
            children: state.map { state in
                [
                    ChildReport(
                        name: name, kind: .worker, state: state, process: nil, restarts: 0,
                        lastExit: reason.map { LastExit(process: nil, reason: $0) })
                ]
            } ?? [])
    }

    /// What comes of an order in a state: nil while it waits.
    private func outcome(
        _ order: SupervisorOrder, _ report: SupervisorReport, after wait: Duration = .zero
    ) -> WaitingOrders.Outcome? {
        var orders = WaitingOrders()
        orders.append(7, order, at: start)
        #expect(orders.nextDeadline == start + WaitingOrders.patience)
        let outcomes = orders.settle(report, at: start + wait)
        #expect(outcomes.map(\.id) == (outcomes.isEmpty ? [] : [7]))
        #expect((orders.nextDeadline == nil) == !outcomes.isEmpty)
        return outcomes.first
    }

    @Test func `an added node is waited for until it serves`() {
        #expect(outcome(addition, report(.starting)) == nil)
        let done = outcome(addition, report(.ready))
        #expect(done != nil && done?.problem == nil && done?.undo == nil)
    }

    @Test func `one that cannot be started is taken back, with the reason`() {
        let failed = outcome(addition, report(.backingOff(until: start), "no such file"))
        #expect(failed?.problem == "no such file")
        #expect(failed?.undo == .remove(name))
        let late = outcome(addition, report(.starting), after: WaitingOrders.patience)
        #expect(late?.problem?.contains("has not accepted it") == true)
        #expect(late?.undo == .remove(name))
        #expect(outcome(addition, report(nil))?.problem == "it was removed meanwhile")
    }

    @Test func `one that was to start again is left ended`() {
        let failed = outcome(.start(name), report(.givenUp, "gone"))
        #expect(failed?.problem == "gone")
        #expect(failed?.undo == .stop(name))
    }

    @Test(arguments: [true, false])
    func `an end is waited for, but not for ever`(isRemoval: Bool) {
        let order: SupervisorOrder = isRemoval ? .remove(name) : .stop(name)
        #expect(outcome(order, report(.stopping)) == nil)
        let late = outcome(order, report(.stopping), after: WaitingOrders.patience)
        #expect(late != nil && late?.problem == nil)
        let ended = outcome(order, report(isRemoval ? nil : .stopped))
        #expect(ended != nil && ended?.problem == nil)
    }
}
