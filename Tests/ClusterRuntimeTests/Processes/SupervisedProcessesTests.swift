import ClusterCore
import ClusterRuntime
import Dispatch
import SystemPackage
import TestSupport
import Testing

/// The supervisor's machine and real processes together, in the smallest shell there can be.
@Suite(.timeLimit(.minutes(10)))
struct SupervisedProcessesTests {
    /// A shell: one loop that takes events in order, and carries out what the machine answers.
    /// Its children run `script` with their name as `$0`; one is ready as soon as it
    /// runs.
    actor Shell {
        private var supervisor: Supervisor
        private var random = SeededRandom.forTest("supervised processes")
        private let events: AsyncStream<SupervisorEvent>
        private let continuation: AsyncStream<SupervisorEvent>.Continuation
        private let processes: ChildProcesses
        private let script: String
        private var timer: DispatchWorkItem?

        init(children: [ChildSpecification], policy: RestartPolicy, script: String, logs: FilePath)
        {
            supervisor = Supervisor(children: children, policy: policy)
            self.script = script
            let (events, continuation) = AsyncStream.makeStream(of: SupervisorEvent.self)
            self.events = events
            self.continuation = continuation
            processes = ChildProcesses(executable: "/bin/sh", log: ChildLog(folder: logs)) {
                continuation.yield($0.supervisorEvent)
                if case .started(let name, let process) = $0 {
                    continuation.yield(.ready(name, process))
                }
            }
            continuation.yield(.start)
        }

        /// Works until a report fulfils the condition or the supervisor ends, and returns the
        /// report or the end.
        func run(
            until isReached: (SupervisorReport) -> Bool
        ) async throws -> (report: SupervisorReport, end: SupervisorEnd?) {
            for await event in events {
                let actions = supervisor.handle(event, at: MonotonicClock.now, using: &random)
                var end: SupervisorEnd?
                for action in actions { end = carryOut(action) ?? end }
                setTimer()
                if end != nil || isReached(supervisor.report) { return (supervisor.report, end) }
            }
            throw ShellChildren.Unexpected()
        }

        func send(_ event: SupervisorEvent) {
            continuation.yield(event)
        }

        func kill(_ process: ProcessID) {
            processes.send(.kill, to: process)
        }

        private func carryOut(_ action: SupervisorAction) -> SupervisorEnd? {
            switch action {
            case .spawn(let name, _): processes.start(name, arguments: ["-c", script, name.text])
            case .signal(let process, let signal): processes.send(signal, to: process)
            case .finished(let end): return end
            case .report, .notice: break
            }
            return nil
        }

        private func setTimer() {
            timer?.cancel()
            guard let deadline = supervisor.nextDeadline else { return }
            let tick = DispatchWorkItem { [continuation] in continuation.yield(.tick) }
            let wait = max(MonotonicClock.now.duration(to: deadline) / .seconds(1), 0)
            DispatchQueue.global().asyncAfter(deadline: .now() + wait, execute: tick)
            timer = tick
        }
    }

    let folder: ScratchFolder
    let children: [ChildSpecification]

    init() throws {
        folder = try ScratchFolder()
        children = try ["broker", "worker-1", "worker-2"].map {
            ChildSpecification(
                name: try #require(ChildName($0)), kind: $0 == "broker" ? .broker : .worker,
                arguments: [])
        }
    }

    private func shell(_ script: String, policy: RestartPolicy = RestartPolicy()) -> Shell {
        Shell(children: children, policy: policy, script: script, logs: folder.path)
    }

    private func allReady(_ report: SupervisorReport) -> Bool {
        report.children.allSatisfy { $0.state == .ready }
    }

    @Test func `a killed child is started again, and a drain ends them all`() async throws {
        let shell = shell("read line")
        let before = try await shell.run(until: allReady).report
        let victim = try #require(before.children.last)
        await shell.kill(try #require(victim.process))
        let lost = try await shell.run { !allReady($0) }.report
        #expect(
            lost.children.last?.lastExit
                == LastExit(process: victim.process, reason: "killed by signal 9 (SIGKILL)"))
        let after = try await shell.run(until: allReady).report
        #expect(after.children.map(\.restarts) == [0, 0, 1])
        #expect(after.children.last?.process != victim.process)
        #expect(after.children.first?.process == before.children.first?.process)
        await shell.send(.drainRequested)
        let (report, end) = try await shell.run { _ in false }
        #expect(end == .stopped)
        #expect(report.children.allSatisfy { $0.state == .stopped && $0.process == nil })
    }

    @Test func `children that ignore the drain are killed after their grace`() async throws {
        var policy = RestartPolicy()
        policy.grace = .milliseconds(50)
        var traps: [FilePath] = []
        for child in children { traps.append(try await folder.makeFIFO(child.name.text)) }
        let shell = shell("trap '' TERM; echo set > \(folder.path)/$0; read line", policy: policy)
        _ = try await shell.run(until: allReady)
        for trap in traps { #expect(try await ScratchFolder.readAll(trap) == "set\n") }
        await shell.send(.drainRequested)
        let (report, end) = try await shell.run { _ in false }
        #expect(end == .stopped)
        #expect(
            report.children.allSatisfy { $0.lastExit?.reason == "killed by signal 9 (SIGKILL)" })
    }

    @Test func `children that cannot live are given up`() async throws {
        var policy = RestartPolicy()
        policy.limit = 2
        policy.backoff = .milliseconds(2)
        let (report, end) = try await shell("exit 9", policy: policy).run { _ in false }
        #expect(end == .everyChildGivenUp)
        #expect(report.children.allSatisfy { $0.state == .givenUp && $0.restarts == 2 })
        #expect(report.children.allSatisfy { $0.lastExit?.reason == "exited with code 9" })
    }
}
