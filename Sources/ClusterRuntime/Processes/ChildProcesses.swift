package import ClusterCore
import Glibc
import Subprocess
import Synchronization
package import SystemPackage

/// The live processes of a supervisor: starts them, signals them, and tells of their ends.
///
/// Each child gets a session and process group of its own (a Ctrl-C at the supervisor's terminal
/// reaches the supervisor alone, which then stops its children in order), a ``LifeLine`` as its
/// standard input, its ``ChildLog`` as standard output and error, an empty signal mask, and no
/// other open descriptor. When it ends, whatever is left of its group is killed.
///
/// Any thread may call any method, and none blocks. Files are opened, and ends awaited, on threads
/// of their own, never on Swift's cooperative pool.
package final class ChildProcesses: Sendable {
    /// What happened to a process.
    package enum Event: Hashable, Sendable {
        /// It runs; always before its `exited`.
        case started(ChildName, ProcessID)

        /// It could not be started; nothing else follows for this start.
        case startFailed(ChildName, reason: String)

        /// It ended and is reaped; exactly once per started process.
        case exited(ChildName, ProcessID, ExitStatus)
    }

    private let executable: FilePath
    private let log: ChildLog
    private let onEvent: @Sendable (Event) -> Void

    /// The processes that may be signalled: here from their start until just before they are
    /// reaped. The lock is held while signalling, so a number found here always names the child
    /// and never a later process with the same number.
    private let living = Mutex<[ProcessID: ChildName]>([:])

    /// Held while log files are opened or rotated, which blocks; only by threads of our own.
    private let logAccess = Mutex<Void>(())

    /// A starter of `executable`.
    ///
    /// - Parameters:
    ///   - executable: the path of the program all children run.
    ///   - log: where they write.
    ///   - onEvent: called on an arbitrary thread, one call at a time per process; it must not
    ///     block.
    package init(
        executable: FilePath, log: ChildLog, onEvent: @escaping @Sendable (Event) -> Void
    ) {
        self.executable = executable
        self.log = log
        self.onEvent = onEvent
    }

    /// Starts a process for `child` and returns at once; the outcome comes as an event.
    package func start(_ child: ChildName, arguments: [String]) {
        Task.detached { await self.run(child, arguments) }
    }

    /// Sends a signal to a child: a drain to itself, a kill to its whole group.
    ///
    /// - Returns: false when the process has ended already, and nothing was sent.
    @discardableResult
    package func send(_ signal: ChildSignal, to process: ProcessID) -> Bool {
        living.withLock { living in
            guard living[process] != nil else { return false }
            switch signal {
            case .drain:
                return (try? ProcessCalls.send(signal: SIGTERM, to: process)) != nil
            case .kill:
                return (try? ProcessCalls.send(signal: SIGKILL, toGroupOf: process)) != nil
            }
        }
    }

    /// Rotates the logs of living children that have grown large, on a thread of its own. Call it
    /// about once a minute. A log that cannot be rotated is left as it is until the next call.
    package func rotateLargeLogs() {
        let names = living.withLock { Array($0.values) }
        try? SystemThread.start(name: "log rotation") {
            self.logAccess.withLock { _ in
                for name in names { _ = try? self.log.rotateLarge(name) }
            }
        }
    }

    private func run(_ child: ChildName, _ arguments: [String]) async {
        let startedProcess = Mutex<ProcessID?>(nil)
        do {
            let status = try await runToEnd(child, arguments) { process in
                startedProcess.withLock { $0 = process }
            }
            guard let process = startedProcess.withLock({ $0 }) else { return }
            onEvent(.exited(child, process, status))
        } catch {
            // After a start, an error means that the end could not be observed.
            guard let process = startedProcess.withLock({ $0 }) else {
                return onEvent(.startFailed(child, reason: "\(executable): \(error)"))
            }
            onEvent(.exited(child, process, .unknown))
        }
    }

    /// Runs a process from its start to its end. The write end of its life line is open exactly
    /// as long.
    private func runToEnd(
        _ child: ChildName, _ arguments: [String], onStart: (ProcessID) -> Void
    ) async throws -> ExitStatus {
        let output = try await SystemThread.result(name: "log of \(child)") {
            try self.logAccess.withLock { _ in try self.log.open(for: child) }
        }
        let lifeLine: (readEnd: FileDescriptor, writeEnd: FileDescriptor)
        do {
            lifeLine = try FileDescriptor.pipe(options: [.closeOnExec])
        } catch {
            try? output.close()
            throw error
        }
        defer { try? lifeLine.writeEnd.close() }
        var options = PlatformOptions()
        options.createSession = true
        let result = try await Subprocess.run(
            .path(executable), arguments: Arguments(arguments), platformOptions: options,
            input: .fileDescriptor(lifeLine.readEnd, closeAfterSpawningProcess: true),
            output: .fileDescriptor(output, closeAfterSpawningProcess: true),
            error: .combinedWithOutput
        ) { execution in
            let process = ProcessID(execution.processIdentifier.value)
            living.withLock { $0[process] = child }
            onStart(process)
            onEvent(.started(child, process))
            await waitForEnd(of: process)
        }
        return ExitStatus(result.terminationStatus)
    }

    /// Returns when the process has ended but is not reaped, and is out of reach of signals.
    private func waitForEnd(of process: ProcessID) async {
        await withCheckedContinuation { continuation in
            do throws(Errno) {
                try SystemThread.start(name: "child \(process)") {
                    ProcessCalls.waitForEnd(of: process)
                    continuation.resume()
                }
            } catch {
                // Without a thread to watch it the child could not be stopped safely later.
                try? ProcessCalls.send(signal: SIGKILL, toGroupOf: process)
                continuation.resume()
            }
        }
        living.withLock { living in
            // The unreaped leader keeps the group's number; what it left behind must not stay.
            try? ProcessCalls.send(signal: SIGKILL, toGroupOf: process)
            living[process] = nil
        }
    }
}

extension ChildProcesses.Event {
    /// The same event for the supervisor's state machine.
    package var supervisorEvent: SupervisorEvent {
        switch self {
        case .started(let name, let process): .spawned(name, process)
        case .startFailed(let name, let reason): .spawnFailed(name, reason: reason)
        case .exited(let name, let process, let status): .exited(name, process, status)
        }
    }
}

extension ExitStatus {
    fileprivate init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .exited(code: code)
        case .signaled(let signal): self = .killed(signal: signal)
        }
    }
}
