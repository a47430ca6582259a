import ClusterCore
import Testing

struct SupervisorRestartTests {
    let name: ChildName
    let other: ChildName

    init() throws {
        name = try .named("worker-1")
        other = try .named("worker-2")
    }

    @Test func `start asks for every child, brokers first`() throws {
        let broker = try ChildName.named("broker-1")
        var bench = SupervisorBench(brokers: [broker], workers: [name, other])
        let actions = bench.send(.start)
        #expect(actions.spawns == [broker, name, other])
        #expect(actions.reports.first?.children.allSatisfy { $0.state == .starting } == true)
        #expect(bench.send(.start).isEmpty, "a second start must change nothing")
    }

    @Test func `a child is ready only when its own process says so`() {
        var bench = SupervisorBench(workers: [name])
        _ = bench.send(.start)
        _ = bench.send(.spawned(name, ProcessID(7)))
        #expect(bench.send(.ready(name, ProcessID(8))).isEmpty)
        #expect(bench.state(name) == .starting)
        #expect(bench.send(.ready(name, ProcessID(7))).reports.count == 1)
        #expect(bench.state(name) == .ready)
        #expect(bench.supervisor.nextDeadline == nil)
    }

    @Test func `an exit is reported at once with the process and how it ended`() throws {
        var bench = SupervisorBench(workers: [name, other])
        let process = try #require(bench.startAndBeReady()[name])
        let actions = bench.send(.exited(name, process, .killed(signal: 9)))
        let report = try #require(actions.reports.first?.children.first { $0.name == name })
        #expect(report.process == nil)
        #expect(
            report.lastExit == LastExit(process: process, reason: "killed by signal 9 (SIGKILL)"))
        #expect(bench.state(other) == .ready, "one_for_one leaves the others alone")
        #expect(bench.send(.exited(name, process, .killed(signal: 9))).isEmpty)
    }

    @Test func `a stable child comes back within the quick back-off`() throws {
        var bench = SupervisorBench(workers: [name])
        let process = try #require(bench.startAndBeReady()[name])
        _ = bench.tick(after: .seconds(10))
        let died = bench.now
        _ = bench.send(.exited(name, process, .killed(signal: 9)))
        let actions = try bench.tickAtDeadline()
        #expect(actions.spawns == [name])
        #expect(died.duration(to: bench.now) <= .milliseconds(100))
        #expect(died.duration(to: bench.now) >= .milliseconds(50))
    }

    @Test func `an exit with code 0 that nobody asked for is a failure too`() throws {
        var bench = SupervisorBench(workers: [name])
        let process = try #require(bench.startAndBeReady()[name])
        _ = bench.send(.exited(name, process, .exited(code: 0)))
        #expect(try bench.tickAtDeadline().spawns == [name])
    }

    @Test func `nothing is started before the back-off is over`() throws {
        var bench = SupervisorBench(workers: [name])
        let process = try #require(bench.startAndBeReady()[name])
        _ = bench.send(.exited(name, process, .exited(code: 1)))
        let deadline = try #require(bench.supervisor.nextDeadline)
        bench.now = deadline - .nanoseconds(1)
        #expect(bench.send(.tick).isEmpty)
        bench.now = deadline
        #expect(bench.send(.tick).first == .spawn(name, attempt: 1))
    }

    @Test func `a child that cannot be started is given up after the limit`() throws {
        var bench = SupervisorBench(workers: [name, other])
        _ = bench.startAndBeReady()
        let process = try #require(bench.supervisor.report.children.first?.process)
        _ = bench.send(.exited(name, process, .exited(code: 1)))
        var starts = 0
        while bench.state(name) != .givenUp {
            starts += try bench.tickAtDeadline().spawns.count
            _ = bench.send(.spawnFailed(name, reason: "no such file"))
            try #require(starts <= 5, "5 restarts are allowed in 60 s")
        }
        #expect(starts == 5)
        #expect(bench.state(other) == .ready)
        #expect(bench.supervisor.nextDeadline == nil)
        let exit = bench.supervisor.report.children.first?.lastExit
        #expect(exit == LastExit(process: nil, reason: "could not be started: no such file"))
    }

    @Test func `failures that are rare enough never give a child up`() throws {
        var bench = SupervisorBench(workers: [name])
        var process = try #require(bench.startAndBeReady()[name])
        for turn in 0..<50 {
            _ = bench.tick(after: .seconds(13))
            _ = bench.send(.exited(name, process, .exited(code: 1)))
            #expect(try bench.tickAtDeadline().spawns == [name], "turn \(turn)")
            process = ProcessID(Int32(1000 + turn))
            _ = bench.send(.spawned(name, process))
            _ = bench.send(.ready(name, process))
        }
    }

    @Test func `the supervisor ends when every child is given up`() throws {
        var policy = RestartPolicy()
        policy.limit = 0
        var bench = SupervisorBench(workers: [name, other], policy: policy)
        let processes = bench.startAndBeReady()
        let first = try #require(processes[name])
        let second = try #require(processes[other])
        #expect(bench.send(.exited(name, first, .exited(code: 1))).end == nil)
        let actions = bench.send(.exited(other, second, .exited(code: 1)))
        #expect(actions.end == .everyChildGivenUp)
        #expect(bench.send(.drainRequested).isEmpty)
    }

    @Test func `a child that is not ready in time is killed and counts as failed`() throws {
        var bench = SupervisorBench(workers: [name])
        _ = bench.send(.start)
        _ = bench.send(.spawned(name, ProcessID(7)))
        #expect(bench.tick(after: .seconds(29)).isEmpty)
        #expect(bench.tick(after: .seconds(1)).signals == [ProcessID(7): .kill])
        #expect(bench.supervisor.nextDeadline == nil, "it is killed once")
        #expect(bench.send(.ready(name, ProcessID(7))).isEmpty, "too late")
        _ = bench.send(.exited(name, ProcessID(7), .killed(signal: 9)))
        let reason = bench.supervisor.report.children.first?.lastExit?.reason
        #expect(reason?.hasPrefix("not ready within 30") == true)
        #expect(try bench.tickAtDeadline().spawns == [name])
    }

    @Test func `an unresponsive child is drained, killed after its grace, and restarted`() throws {
        var bench = SupervisorBench(workers: [name])
        let process = try #require(bench.startAndBeReady()[name])
        let actions = bench.send(.unresponsive(name, process, reason: "silent for 10 s"))
        #expect(actions.signals == [process: .drain])
        #expect(bench.state(name) == .stopping)
        #expect(try bench.tickAtDeadline().signals == [process: .kill])
        _ = bench.send(.exited(name, process, .killed(signal: 9)))
        #expect(try bench.tickAtDeadline().spawns == [name])
    }
}
