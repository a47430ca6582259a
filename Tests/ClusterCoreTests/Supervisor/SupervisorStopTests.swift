import ClusterCore
import Testing

struct SupervisorStopTests {
    let broker: ChildName
    let worker: ChildName

    init() throws {
        broker = try .named("broker-1")
        worker = try .named("worker-1")
    }

    @Test func `workers are drained before brokers, and then the supervisor ends`() throws {
        var bench = SupervisorBench(brokers: [broker], workers: [worker])
        let processes = bench.startAndBeReady()
        let brokerProcess = try #require(processes[broker])
        let workerProcess = try #require(processes[worker])
        #expect(bench.send(.drainRequested).signals == [workerProcess: .drain])
        #expect(bench.state(broker) == .ready)
        let second = bench.send(.exited(worker, workerProcess, .exited(code: 0)))
        #expect(second.signals == [brokerProcess: .drain])
        #expect(bench.state(worker) == .stopped)
        let last = bench.send(.exited(broker, brokerProcess, .exited(code: 0)))
        #expect(last.end == .stopped)
        #expect(last.reports.count == 1)
    }

    @Test func `each phase has its own grace time, and what outlives it is killed once`() throws {
        var bench = SupervisorBench(brokers: [broker], workers: [worker])
        let processes = bench.startAndBeReady()
        let brokerProcess = try #require(processes[broker])
        let workerProcess = try #require(processes[worker])
        _ = bench.send(.drainRequested)
        #expect(bench.tick(after: .seconds(29)).isEmpty)
        #expect(bench.tick(after: .seconds(1)).signals == [workerProcess: .kill])
        #expect(bench.tick(after: .seconds(60)).isEmpty)
        _ = bench.send(.exited(worker, workerProcess, .killed(signal: 9)))
        #expect(bench.tick(after: .seconds(29)).isEmpty)
        #expect(bench.tick(after: .seconds(1)).signals == [brokerProcess: .kill])
    }

    @Test func `nothing is restarted once the supervisor stops`() throws {
        var bench = SupervisorBench(brokers: [broker], workers: [worker])
        let processes = bench.startAndBeReady()
        let brokerProcess = try #require(processes[broker])
        _ = bench.send(.drainRequested)
        _ = bench.send(.exited(broker, brokerProcess, .killed(signal: 11)))
        #expect(bench.state(broker) == .stopped)
        #expect(bench.tick(after: .seconds(29)).spawns.isEmpty)
    }

    @Test func `a child that waits for its restart is stopped at once`() throws {
        var bench = SupervisorBench(workers: [worker])
        let process = try #require(bench.startAndBeReady()[worker])
        _ = bench.send(.exited(worker, process, .exited(code: 1)))
        #expect(bench.send(.drainRequested).end == .stopped)
    }

    @Test(arguments: [ChildSignal.drain, .kill])
    func `a start under way when the stop comes is stopped as soon as it runs`(
        signal: ChildSignal
    ) throws {
        var bench = SupervisorBench(workers: [worker])
        _ = bench.send(.start)
        let actions = bench.send(signal == .drain ? .drainRequested : .killRequested)
        #expect(actions.signals.isEmpty && actions.end == nil)
        #expect(bench.send(.spawned(worker, ProcessID(7))).signals == [ProcessID(7): signal])
        #expect(bench.send(.exited(worker, ProcessID(7), .exited(code: 0))).end == .stopped)
    }

    @Test func `a start that fails after the stop came is the end of that child`() {
        var bench = SupervisorBench(workers: [worker])
        _ = bench.send(.start)
        _ = bench.send(.drainRequested)
        #expect(bench.send(.spawnFailed(worker, reason: "full")).end == .stopped)
    }

    @Test func `a kill request kills every process, also those that drain`() throws {
        var bench = SupervisorBench(brokers: [broker], workers: [worker])
        let processes = bench.startAndBeReady()
        _ = bench.send(.drainRequested)
        let signals = bench.send(.killRequested).signals
        #expect(Set(signals.keys) == Set(processes.values))
        #expect(signals.values.allSatisfy { $0 == .kill })
        #expect(bench.supervisor.nextDeadline == nil)
    }

    @Test func `a second drain request does not extend the grace time`() {
        var bench = SupervisorBench(workers: [worker])
        _ = bench.startAndBeReady()
        _ = bench.send(.drainRequested)
        let deadline = bench.supervisor.nextDeadline
        bench.now = bench.now + .seconds(5)
        #expect(bench.send(.drainRequested).isEmpty)
        #expect(bench.supervisor.nextDeadline == deadline)
    }

    @Test func `a supervisor that was never started stops at once`() {
        var bench = SupervisorBench(workers: [worker])
        #expect(bench.send(.drainRequested).end == .stopped)
    }

    @Test func `a stop does not extend the grace time of a child that drains already`() throws {
        var bench = SupervisorBench(workers: [worker])
        let process = try #require(bench.startAndBeReady()[worker])
        _ = bench.send(.unresponsive(worker, process, reason: "silent"))
        let deadline = bench.supervisor.nextDeadline
        bench.now = bench.now + .seconds(5)
        #expect(bench.send(.drainRequested).signals.isEmpty)
        #expect(bench.supervisor.nextDeadline == deadline)
        #expect(bench.send(.exited(worker, process, .exited(code: 0))).end == .stopped)
    }
}
