import Testing

@testable import ClusterCore

/// Workers that an operator adds, stops, starts and removes while the supervisor runs.
struct SupervisorOrderTests {
    let broker: ChildName
    let worker: ChildName
    let added: ChildName

    init() throws {
        broker = try .named("broker-1")
        worker = try .named("worker-1")
        added = try .named("worker-2")
    }

    private func bench() -> (bench: SupervisorBench, process: ProcessID) {
        var bench = SupervisorBench(brokers: [broker], workers: [worker])
        let processes = bench.startAndBeReady()
        return (bench, processes[worker] ?? ProcessID(0))
    }

    private var addition: SupervisorOrder {
        .add(ChildSpecification(name: added, kind: .worker, arguments: ["x"]))
    }

    @Test func `an added worker is started and kept running like the others`() {
        var (bench, _) = bench()
        #expect(bench.supervisor.problem(with: addition) == nil)
        let actions = bench.send(.order(addition))
        #expect(actions.spawns == [added])
        #expect(actions.reports.first?.children.map(\.name) == [broker, worker, added])
        _ = bench.send(.spawned(added, ProcessID(7)))
        _ = bench.send(.ready(added, ProcessID(7)))
        _ = bench.send(.exited(added, ProcessID(7), .killed(signal: 9)))
        guard case .backingOff? = bench.state(added) else {
            Issue.record("\(String(describing: bench.state(added)))")
            return
        }
    }

    @Test func `a removed worker is drained and then forgotten`() {
        var (bench, process) = bench()
        #expect(bench.send(.order(.remove(worker))).signals == [process: .drain])
        #expect(bench.state(worker) == .stopping)
        #expect(bench.supervisor.problem(with: .remove(worker)) != nil)
        let actions = bench.send(.exited(worker, process, .exited(code: 0)))
        #expect(actions.spawns.isEmpty)
        #expect(actions.reports.first?.children.map(\.name) == [broker])
        #expect(
            bench.send(.order(.add(.init(name: worker, kind: .worker, arguments: [])))).spawns == [
                worker
            ])
    }

    @Test func `a stopped worker stays down until it is started`() throws {
        var (bench, process) = bench()
        #expect(bench.send(.order(.stop(worker))).signals == [process: .drain])
        _ = bench.send(.exited(worker, process, .exited(code: 0)))
        #expect(bench.state(worker) == .stopped)
        #expect(bench.supervisor.nextDeadline == nil)
        #expect(bench.send(.order(.start(worker))).spawns == [worker])
        #expect(bench.state(worker) == .starting)
    }

    @Test func `one that waits for a restart is stopped without it, one that outlives is killed`() {
        var (bench, process) = bench()
        _ = bench.send(.exited(worker, process, .killed(signal: 9)))
        #expect(bench.send(.order(.stop(worker))).signals.isEmpty)
        #expect(bench.state(worker) == .stopped)
        _ = bench.send(.order(.start(worker)))
        _ = bench.send(.spawned(worker, ProcessID(9)))
        _ = bench.send(.order(.remove(worker)))
        #expect(bench.tick(after: .seconds(31)).signals == [ProcessID(9): .kill])
        _ = bench.send(.exited(worker, ProcessID(9), .killed(signal: 9)))
        #expect(bench.state(worker) == nil)
    }

    @Test func `a worker stopped while it starts is drained when its process is there`() {
        var (bench, _) = bench()
        _ = bench.send(.order(addition))
        _ = bench.send(.order(.stop(added)))
        #expect(bench.send(.spawned(added, ProcessID(8))).signals == [ProcessID(8): .drain])
        _ = bench.send(.exited(added, ProcessID(8), .exited(code: 0)))
        #expect(bench.state(added) == .stopped)
    }

    @Test func `orders that cannot be carried out say why and change nothing`() {
        var (bench, _) = bench()
        let taken = SupervisorOrder.add(.init(name: worker, kind: .worker, arguments: []))
        for (order, reason) in [
            (taken, "already"), (.remove(added), "no child"), (.stop(broker), "broker"),
        ] {
            #expect(bench.supervisor.problem(with: order)?.contains(reason) == true)
            #expect(bench.send(.order(order)).isEmpty)
        }
        _ = bench.send(.drainRequested)
        #expect(bench.supervisor.problem(with: addition)?.contains("stopping") == true)
        #expect(bench.send(.order(addition)).isEmpty)
    }
}
