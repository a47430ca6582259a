import ClusterCore
import ClusterRuntime
public import Logging
import Synchronization
import SystemPackage
import WireProtocol

/// A whole cluster in this process, for applications that bring their search with them: a broker, and
/// nodes that serve the indexes of a data folder, each on threads of its own.
///
/// It answers as a cluster of processes does, and has the same verbs as ``SearchClient``. Clusters share
/// nothing: any number of them, each with its name, live in one process. Any task may call any method at
/// any time; none blocks its thread. A cluster that is released without ``stop()`` ends at once, and what
/// is open in it fails.
///
/// ```swift
/// let cluster = try SearchCluster(name: "library", dataFolder: "data")
/// try await cluster.start()
/// try await cluster.addNode("node-1", endpoint: "local://books")
/// let answer = try await cluster.simpleSearch("text editor")
/// await cluster.stop()
/// ```
///
/// Every call but `start`, `stop` and `run` throws `NOT_RUNNING` while it does not run.
public final class SearchCluster: Sendable {
    /// Shown in logs and statistics.
    public let name: String
    /// The folder of the index folders.
    public let dataFolder: String
    private let settings: BrokerSettings
    private let grace: Duration
    private let logger: Logger
    private let running = Mutex<Running?>(nil)
    /// The last of the starts and stops that have been asked for; each waits for the one before.
    private let turns = Mutex<Task<Void, Never>?>(nil)

    /// What there is of a cluster while it runs.
    private struct Running: Sendable {
        let core: InProcessCluster
        let client: SearchClient
        let calls = CallGate()
    }

    /// A cluster that is not started yet.
    ///
    /// - Parameters:
    ///   - name: 1 to 64 characters out of A-Z a-z 0-9 . _ -, the first a letter or digit.
    ///   - dataFolder: where `local://INDEX` is the folder INDEX.
    ///   - settings: as it starts with; what is nil has its default.
    ///   - grace: how long `stop` waits for searches under way, and how long a node that is drained or
    ///     removed may take to finish what it has.
    ///   - logger: for what broker and nodes notice.
    /// - Throws: `BAD_REQUEST` that names the field, the value and what is allowed.
    public init(
        name: String, dataFolder: String, settings: ClusterSettings = ClusterSettings(),
        grace: Duration = .seconds(10), logger: Logger = Logger(label: "cluster")
    ) throws(SearchError) {
        guard ChildName(name) != nil else {
            throw SearchError(
                code: "BAD_REQUEST", message: "cluster: name '\(name)'; expected \(ChildName.rule)")
        }
        guard grace >= .zero, grace <= .seconds(3_600) else {
            throw SearchError(
                code: "BAD_REQUEST", message: "cluster: grace \(grace); expected 0 to 3600 seconds")
        }
        self.name = name
        self.dataFolder = dataFolder
        self.settings = try Self.brokerSettings(name, settings)
        self.grace = grace
        self.logger = logger
    }

    private static func brokerSettings(
        _ name: String, _ settings: ClusterSettings
    ) throws(SearchError) -> BrokerSettings {
        var broker = BrokerSettings(name: name, epoch: 1)
        // Nodes come by `addNode` alone, which returns when they serve: there is none to wait for.
        broker.noWorkersWait = .milliseconds(100)
        let change = try settings.wire
        do {
            try broker.configuration.apply(change)
        } catch {
            throw SearchError(error)
        }
        return broker
    }

    /// Whether it has been started and not stopped. A search that begins while this is true may still
    /// meet a stop.
    public var isRunning: Bool { running.withLock { $0 != nil } }

    /// Starts the broker; nodes are added afterwards. Does nothing if it runs already. One that was
    /// stopped starts anew: with the settings it was made with, and without nodes.
    ///
    /// - Throws: `INTERNAL` when the system has no memory, threads or descriptors left.
    public func start() async throws(SearchError) {
        let failure = await inTurn { await self.startNow() }
        if let failure { throw failure }
    }

    /// Stops it, in this order: no new call is taken, calls under way end within the grace, those that
    /// do not fail with `CANCELLED`; nodes are drained, the broker ends. Returns when that is done. Does
    /// nothing if it does not run.
    public func stop() async {
        await stop(within: grace)
    }

    func stop(within grace: Duration) async {
        _ = await inTurn { () -> SearchError? in
            guard let running = self.running.withLock({ $0.take() }) else { return nil }
            await Self.end(running, within: grace)
            return nil
        }
    }

    /// Does one start or stop after the other, in the order they were asked for.
    private func inTurn(
        _ body: @escaping @Sendable () async -> SearchError?
    ) async -> SearchError? {
        let (turn, work) = turns.withLock { last in
            let before = last
            let work = Task {
                await before?.value
                return await body()
            }
            let turn = Task { _ = await work.value }
            last = turn
            return (turn, work)
        }
        await turn.value
        return await work.value
    }

    private func startNow() async -> SearchError? {
        guard !isRunning else { return nil }
        var settings = settings
        settings.epoch = UInt64.random(in: 1..<ProtocolLimits.randomNumberBound)
        do {
            let core = try await SystemThread.result(name: "start \(name)") {
                [settings, dataFolder, grace, logger] in
                try InProcessCluster(
                    settings: settings, dataFolder: FilePath(dataFolder), grace: grace,
                    logger: logger)
            }
            let client = try SearchClient(
                endpoints: [core.endpoint], name: name, logger: logger, context: core.context)
            running.withLock { $0 = Running(core: core, client: client) }
            return nil
        } catch {
            return SearchError(
                code: "INTERNAL", message: "cluster '\(name)' cannot be started: \(error)")
        }
    }

    private static func end(_ running: Running, within grace: Duration) async {
        running.calls.close()
        // Without a thread to wait on, nothing is waited for.
        try? await SystemThread.result(name: "stop") {
            running.calls.waitUntilEmpty(atMost: grace)
        }
        await running.client.close()
        await running.core.stop()
    }

    /// Calls the broker; a stop waits for the end of that.
    func call<Value>(
        _ body: (SearchClient) async throws(SearchError) -> Value
    ) async throws(SearchError) -> Value {
        guard let running = running.withLock({ $0 }), running.calls.enter() else {
            throw SearchError(
                code: "NOT_RUNNING", message: "cluster '\(name)' does not run; start it first")
        }
        defer { running.calls.leave() }
        return try await body(running.client)
    }
}
