import ClusterCore
import ClusterRuntime
import Foundation
import Glibc
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ChildProcessesTests {
    let folder: ScratchFolder
    let children: ShellChildren

    init() throws {
        folder = try ScratchFolder()
        children = try ShellChildren(in: folder)
    }

    @Test func `an exit is reported with its code`() async throws {
        let process = try await children.start("exit 7")
        #expect(try await children.next() == .exited(children.name, process, .exited(code: 7)))
    }

    @Test func `an executable that is not there is a failed start, which names it`() async throws {
        let children = try ShellChildren(in: folder, executable: "/nowhere/swiftlet")
        children.processes.start(children.name, arguments: [])
        guard case .startFailed(children.name, let reason) = try await children.next() else {
            Issue.record("a start without an executable must fail")
            return
        }
        #expect(reason.contains("/nowhere/swiftlet"))
    }

    @Test func `a log folder that is not there is a failed start`() async throws {
        let log = ChildLog(folder: folder.path.appending("missing"))
        let (events, continuation) = AsyncStream.makeStream(of: ChildProcesses.Event.self)
        let processes = ChildProcesses(executable: "/bin/sh", log: log) { continuation.yield($0) }
        processes.start(children.name, arguments: ["-c", "exit 0"])
        for await event in events {
            guard case .startFailed = event else {
                Issue.record("a start without a log must fail")
                return
            }
            break
        }
    }

    @Test func `a drain arrives as SIGTERM, which the child may handle`() async throws {
        let fifo = try await folder.makeFIFO("ready")
        let process = try await children.start(
            "trap 'exit 3' TERM; echo ready > \(fifo); read line")
        #expect(try await ScratchFolder.readAll(fifo) == "ready\n")
        #expect(children.processes.send(.drain, to: process))
        #expect(try await children.next() == .exited(children.name, process, .exited(code: 3)))
    }

    @Test func `a kill ends a child that ignores its drain`() async throws {
        let fifo = try await folder.makeFIFO("ready")
        let process = try await children.start("trap '' TERM; echo ready > \(fifo); read line")
        _ = try await ScratchFolder.readAll(fifo)
        #expect(children.processes.send(.drain, to: process))
        #expect(children.processes.send(.kill, to: process))
        #expect(try await children.next() == .exited(children.name, process, .killed(signal: 9)))
    }

    @Test func `no signal is sent to a process that has ended`() async throws {
        let process = try await children.start("exit 0")
        _ = try await children.next()
        #expect(!children.processes.send(.drain, to: process))
        #expect(!children.processes.send(.kill, to: process))
        #expect(!children.processes.send(.kill, to: ProcessCalls.currentProcess))
    }

    @Test func `what a child leaves behind in its group is killed`() async throws {
        let fifo = try await folder.makeFIFO("held")
        // The sleeper holds the pipe open: it is read to its end only when the sleeper is gone.
        let process = try await children.start("exec 3> \(fifo); sleep 1000 & exit 0")
        #expect(try await ScratchFolder.readAll(fifo) == "")
        #expect(try await children.next() == .exited(children.name, process, .exited(code: 0)))
    }

    @Test func `a child has no descriptors but its standard ones`() async throws {
        let fifo = try await folder.makeFIFO("ready")
        let first = try await children.start("echo ready > \(fifo); read line")
        _ = try await ScratchFolder.readAll(fifo)
        let second = try #require(ChildName("second"))
        let process = try await children.start("ls /proc/$$/fd; exit 0", as: second)
        #expect(try await children.next() == .exited(second, process, .exited(code: 0)))
        // Not even the write end of the first one's life line, which is open meanwhile.
        #expect(try ScratchFolder.text(children.log.path(of: second)) == "0\n1\n2\n")
        children.processes.send(.kill, to: first)
        _ = try await children.next()
    }

    @Test func `a child leads a session and group of its own`() async throws {
        let process = try await children.start("cut -d' ' -f1,5,6 /proc/$$/stat; exit 0")
        _ = try await children.next()
        let text = try ScratchFolder.text(children.log.path(of: children.name))
        #expect(text == "\(process) \(process) \(process)\n")
    }

    @Test func `a child sees the end of its life line when its supervisor is killed`() async throws
    {
        let fifo = try await folder.makeFIFO("gone")
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [fifo = fifo.string as String, logs = folder.path.string as String] in
            let (events, continuation) = AsyncStream.makeStream(of: ChildProcesses.Event.self)
            let log = ChildLog(folder: FilePath(logs))
            let processes = ChildProcesses(executable: "/bin/sh", log: log) {
                continuation.yield($0)
            }
            let name = try #require(ChildName("orphan"))
            processes.start(name, arguments: ["-c", "cat > /dev/null; echo gone > \(fifo)"])
            for await event in events {
                guard case .started = event else { return }
                break
            }
            try ProcessCalls.send(signal: SIGKILL, to: ProcessCalls.currentProcess)
        }
        #expect(try await ScratchFolder.readAll(fifo) == "gone\n")
    }

    @Test func `starts leak no descriptor, whether they fail or not`() async throws {
        // In a process of its own: other tests open and close descriptors meanwhile.
        await #expect(processExitsWith: .success) { [logs = folder.path.string as String] in
            let log = ChildLog(folder: FilePath(logs))
            let name = try #require(ChildName("child"))
            let before = try Self.openDescriptors()
            let starts = 40
            for start in 0..<starts {
                let executable: FilePath = start % 2 == 0 ? "/bin/sh" : "/nowhere"
                let (events, continuation) = AsyncStream.makeStream(of: ChildProcesses.Event.self)
                let processes = ChildProcesses(executable: executable, log: log) { event in
                    continuation.yield(event)
                    if case .started = event { return }
                    continuation.finish()
                }
                processes.start(name, arguments: ["-c", "exit 0"])
                for await _ in events {}
            }
            // Less than one for every two starts: what is left is what the runtime and the
            // process library open once, when they first need it.
            let growth = try Self.openDescriptors() - before
            #expect(growth < starts / 2)
        }
    }

    private static func openDescriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
}
