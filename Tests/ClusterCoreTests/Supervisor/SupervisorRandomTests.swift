import ClusterCore
import TestSupport
import Testing

/// Drives a supervisor with random events of a simulated host, and checks after each what must
/// hold whatever happens.
struct SupervisorRandomTests {
    /// The host: which processes exist and which starts are unanswered.
    struct Host {
        var live: [ChildName: ProcessID] = [:]
        var pending: Set<ChildName> = []
        var starts: [ChildName: [MonotonicInstant]] = [:]
        var nextProcess: Int32 = 100
        var isStopping = false
        var end: SupervisorEnd?

        /// Carries out actions, and checks that each was allowed.
        mutating func carryOut(
            _ actions: [SupervisorAction], of supervisor: Supervisor, at now: MonotonicInstant
        ) throws {
            #expect(actions.reports.count <= 1)
            #expect(actions.reports.allSatisfy { $0 == supervisor.report })
            for action in actions {
                try #require(end == nil, "nothing follows the end")
                switch action {
                case .spawn(let name, let attempt):
                    try #require(live[name] == nil && !pending.contains(name), "two processes")
                    #expect(!isStopping, "a start while stopping")
                    #expect(attempt == starts[name, default: []].count)
                    pending.insert(name)
                    starts[name, default: []].append(now)
                case .signal(let process, _):
                    #expect(live.values.contains(process), "a signal to a dead process")
                case .finished(let reason):
                    end = reason
                    #expect(live.isEmpty && pending.isEmpty)
                case .report, .notice:
                    break
                }
            }
        }

        /// A random event that can happen now, stale ones included.
        mutating func event(
            for names: [ChildName], using random: inout SeededRandom
        ) -> SupervisorEvent {
            guard let name = names.randomElement(using: &random) else { return .tick }
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4 where pending.contains(name):
                pending.remove(name)
                if Int.random(in: 0..<4, using: &random) == 0 {
                    return .spawnFailed(name, reason: "random")
                }
                nextProcess += 1
                live[name] = ProcessID(nextProcess)
                return .spawned(name, ProcessID(nextProcess))
            case 0..<3:
                guard let process = live[name] else { break }
                return .ready(name, process)
            case 3..<5:
                guard let process = live.removeValue(forKey: name) else { break }
                return .exited(name, process, .killed(signal: 9))
            case 5:
                guard let process = live[name] else { break }
                return .unresponsive(name, process, reason: "random")
            case 6:
                return .exited(name, ProcessID(1), .unknown)
            default:
                break
            }
            return .tick
        }
    }

    let names: [ChildName]
    let brokers: [ChildName]

    init() throws {
        brokers = try ["b1", "b2"].map { try .named($0) }
        names = try brokers + ["w1", "w2", "w3"].map { try .named($0) }
    }

    private func newBench(_ random: inout SeededRandom) -> SupervisorBench {
        var policy = RestartPolicy()
        policy.limit = Int.random(in: 0...8, using: &random)
        policy.period = .seconds(Int.random(in: 1...200, using: &random))
        policy.grace = .seconds(Int.random(in: 0...20, using: &random))
        var bench = SupervisorBench(
            brokers: brokers, workers: names.filter { !brokers.contains($0) }, policy: policy)
        bench.random = SeededRandom(seed: random.next())
        return bench
    }

    private func checkLimit(_ host: Host, _ policy: RestartPolicy) {
        for (name, starts) in host.starts {
            let restarts = Array(starts.dropFirst())
            for last in restarts {
                let inWindow = restarts.count { $0 <= last && $0 - last > .zero - policy.period }
                #expect(inWindow <= policy.limit, "\(name)")
            }
        }
    }

    @Test func `no sequence of events breaks the invariants`() throws {
        var random = SeededRandom.forTest("no sequence of events breaks the invariants")
        for _ in 0..<200 {
            var bench = newBench(&random)
            var host = Host()
            try host.carryOut(bench.send(.start), of: bench.supervisor, at: bench.now)
            for _ in 0..<200 where host.end == nil {
                bench.now = bench.now + .milliseconds(Int.random(in: 0...4000, using: &random))
                let event = host.event(for: names, using: &random)
                try host.carryOut(bench.send(event), of: bench.supervisor, at: bench.now)
            }
            try stop(&bench, &host)
        }
    }

    /// Drains, and lets every process end when it is told to: the supervisor must come to its end.
    private func stop(_ bench: inout SupervisorBench, _ host: inout Host) throws {
        checkLimit(host, bench.supervisor.policy)
        guard host.end == nil else { return }
        host.isStopping = true
        try host.carryOut(bench.send(.drainRequested), of: bench.supervisor, at: bench.now)
        for name in names.reversed() {
            if host.pending.remove(name) != nil {
                let event = SupervisorEvent.spawnFailed(name, reason: "late")
                try host.carryOut(bench.send(event), of: bench.supervisor, at: bench.now)
            }
            guard let process = host.live.removeValue(forKey: name) else { continue }
            let event = SupervisorEvent.exited(name, process, .exited(code: 0))
            try host.carryOut(bench.send(event), of: bench.supervisor, at: bench.now)
        }
        #expect(host.end != nil)
        #expect(bench.supervisor.report.children.allSatisfy { $0.state.isFinal })
    }
}
