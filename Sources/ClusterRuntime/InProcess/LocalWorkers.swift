import ClusterCore
import Logging
import Synchronization
import SystemPackage
import ZeroMQ

/// Runs workers in this process for a supervisor, as `ChildProcesses` runs them in others.
///
/// Each has threads of its own. Every start gets a number, which stands for the process in events and
/// toward the broker; so the end of one is never taken for that of the next of its name. Any thread may
/// call any method, and none blocks.
final class LocalWorkers: Sendable {
    private let context: Context
    private let logger: Logger
    private let onEvent: @Sendable (SupervisorEvent) -> Void
    private let lastNumber = Atomic<Int32>(0)
    private let living = Mutex<[ProcessID: SocketLoop<WorkerServer>]>([:])

    /// - Parameter onEvent: called on any thread; it must not block.
    init(
        context: Context, logger: Logger, onEvent: @escaping @Sendable (SupervisorEvent) -> Void
    ) {
        self.context = context
        self.logger = logger
        self.onEvent = onEvent
    }

    /// Starts a worker and returns at once. What comes of it are events: `spawned` or `spawnFailed`,
    /// then `ready` once the broker has it, and in the end `exited`.
    func start(_ name: ChildName, _ options: WorkerOptions) {
        do throws(Errno) {
            // Opening shards reads files.
            try SystemThread.start(name: "start \(name)") { [self] in open(name, options) }
        } catch {
            onEvent(.spawnFailed(name, reason: "no thread to start it on: \(error)"))
        }
    }

    private func open(_ name: ChildName, _ options: WorkerOptions) {
        let process = ProcessID(lastNumber.add(1, ordering: .relaxed).newValue)
        var options = options
        options.pid = UInt32(process.rawValue)
        let loop: SocketLoop<WorkerServer>
        do {
            loop = try WorkerServer.start(options: options, context: context, logger: logger)
        } catch {
            return onEvent(.spawnFailed(name, reason: "\(error)"))
        }
        living.withLock { $0[process] = loop }
        onEvent(.spawned(name, process))
        _ = loop.inbox.post(.whenJoined { [onEvent] in onEvent(.ready(name, process)) })
        loop.onExit { [self] in
            living.withLock { $0[process] = nil }
            onEvent(.exited(name, process, .exited(code: 0)))
        }
    }

    /// Makes a worker end: when it has answered what it has, or at once. One that has ended already is
    /// left alone.
    func send(_ signal: ChildSignal, to process: ProcessID) {
        guard let loop = living.withLock({ $0[process] }) else { return }
        _ = loop.inbox.post(signal == .drain ? .drain : .stop)
    }
}
