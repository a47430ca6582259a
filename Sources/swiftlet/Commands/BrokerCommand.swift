import ArgumentParser
import ClusterCore
import ClusterRuntime
import Logging
import WireProtocol
import ZeroMQ

/// `swiftlet broker`: coordinates searches.
struct BrokerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract: "Coordinate: take queries from clients, ask workers, merge their answers.",
        discussion: """
            Runs in the foreground until SIGTERM or SIGINT. Usually the supervisor starts it.

            Example:
              swiftlet broker --name b1 --clients ipc:///run/swiftlet/b1.clients \\
                --workers ipc:///run/swiftlet/b1.workers --health ipc:///run/swiftlet/b1.health
            """)

    @Option(help: "The name shown to peers and in status.")
    var name: String

    @Option(help: ArgumentHelp("Where clients connect.", valueName: "endpoint"))
    var clients: String

    @Option(help: ArgumentHelp("Where workers and supervisors connect.", valueName: "endpoint"))
    var workers: String

    @Option(help: ArgumentHelp("Where workers publish their health.", valueName: "endpoint"))
    var health: String

    @Option(help: ArgumentHelp("Where it publishes events, if anywhere.", valueName: "endpoint"))
    var events: String?

    @Option(help: "Where it is; workers of the same zone are preferred.")
    var zone = ""

    @Option(help: "How replicas are chosen where a search does not say.")
    var loadBalancing = LoadBalancing.adaptive

    @OptionGroup var busyPoll: BusyPollOptions

    @OptionGroup var metrics: MetricsOptions

    @Flag(help: "Allow tcp addresses that other hosts can reach; there is no authentication yet.")
    var insecure = false

    @Flag(
        help: ArgumentHelp("The standard input is a supervisor's life line.", visibility: .hidden))
    var supervised = false

    func validate() throws {
        try NameCheck.check(name, option: "--name")
        if !zone.isEmpty { try NameCheck.check(zone, option: "--zone") }
        for (option, endpoint) in [
            ("--clients", clients), ("--workers", workers), ("--health", health),
        ] {
            try EndpointCheck.check(endpoint, option: option, allowsInsecure: insecure)
        }
        if let events {
            try EndpointCheck.check(events, option: "--events", allowsInsecure: insecure)
        }
    }

    func run() async throws {
        try await reportingFailures {
            let logger = startLogging("broker \(name)")
            let measured = try metrics.start(label: ("broker", name), logger: logger)
            defer { measured.end() }
            let epoch = UInt64.random(in: 1..<ProtocolLimits.randomNumberBound)
            var settings = BrokerSettings(name: name, epoch: epoch)
            settings.zone = zone
            settings.configuration.loadBalancing = loadBalancing
            let loop = try BrokerServer.start(
                settings: settings,
                endpoints: BrokerEndpoints(
                    clients: clients, workers: workers, health: health, events: events),
                context: try Context(), metrics: measured.target, busyPoll: busyPoll.time,
                logger: logger)
            logger.info("listens for clients at \(clients) and for workers at \(workers)")
            try stopOnSignal(isSupervised: supervised) { _ = loop.inbox.post(.stop) }
            await loop.end()
        }
    }
}

extension LoadBalancing: ExpressibleByArgument {}

/// Calls `stop` when the process is asked to end, by a signal or by the end of its supervisor.
func stopOnSignal(isSupervised: Bool, _ stop: @escaping @Sendable () -> Void) throws {
    try SignalWatcher.start { _ in stop() }
    if isSupervised { try LifeLine.watch(onEnd: stop) }
}

extension SocketLoop {
    /// Waits for the loop's end without blocking a thread.
    func end() async {
        await withCheckedContinuation { continuation in
            onExit { continuation.resume() }
        }
    }
}
