import ClusterCore
import TestSupport
import Testing

/// A supervisor under test with a clock that only the test moves.
struct SupervisorBench {
    var supervisor: Supervisor
    var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    var random = SeededRandom(seed: 1)

    init(
        brokers: [ChildName] = [], workers: [ChildName] = [],
        policy: RestartPolicy = RestartPolicy()
    ) {
        let children =
            workers.map { ChildSpecification(name: $0, kind: .worker, arguments: []) }
            + brokers.map { ChildSpecification(name: $0, kind: .broker, arguments: []) }
        supervisor = Supervisor(children: children, policy: policy)
    }

    /// Hands an event to the supervisor at the current instant.
    mutating func send(_ event: SupervisorEvent) -> [SupervisorAction] {
        supervisor.handle(event, at: now, using: &random)
    }

    /// Moves the clock on to the supervisor's deadline and ticks; fails when there is none.
    mutating func tickAtDeadline() throws -> [SupervisorAction] {
        now = max(now, try #require(supervisor.nextDeadline))
        return send(.tick)
    }

    /// Moves the clock on by `duration` and ticks.
    mutating func tick(after duration: Duration) -> [SupervisorAction] {
        now = now + duration
        return send(.tick)
    }

    /// Starts all children and answers every request with a process that becomes ready: the
    /// process numbers are 101, 102… in the order of the requests.
    mutating func startAndBeReady() -> [ChildName: ProcessID] {
        var processes: [ChildName: ProcessID] = [:]
        for case .spawn(let name, _) in send(.start) {
            let process = ProcessID(Int32(101 + processes.count))
            processes[name] = process
            _ = send(.spawned(name, process))
            _ = send(.ready(name, process))
        }
        return processes
    }

    /// The state of one child.
    func state(_ name: ChildName) -> ChildState? {
        supervisor.report.children.first { $0.name == name }?.state
    }
}

extension ChildName {
    /// A name for tests.
    static func named(_ text: String) throws -> ChildName {
        try #require(ChildName(text))
    }
}

extension [SupervisorAction] {
    /// The requested starts.
    var spawns: [ChildName] {
        compactMap { if case .spawn(let name, _) = $0 { name } else { nil } }
    }

    /// The requested signals.
    var signals: [ProcessID: ChildSignal] {
        reduce(into: [:]) {
            if case .signal(let process, let signal) = $1 { $0[process] = signal }
        }
    }

    /// The reports; the machine promises at most one.
    var reports: [SupervisorReport] {
        compactMap { if case .report(let report) = $0 { report } else { nil } }
    }

    /// Why the supervisor finished, if it did.
    var end: SupervisorEnd? {
        if case .finished(let end) = last { end } else { nil }
    }
}
