import ArgumentParser
import ClusterCore
import ClusterRuntime
import Logging
import ZeroMQ

/// `swiftlet worker`: searches shards for brokers.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Serve shards of indexes to one or more brokers.",
        discussion: """
            Runs in the foreground. SIGTERM or SIGINT drains it: it finishes what it has and ends. \
            Two workers that serve the same shard are replicas of it.

            Examples:
              swiftlet worker --name w1 --data /var/lib/swiftlet --serve debian=all \\
                --broker ipc:///run/swiftlet/b1.workers --health ipc:///run/swiftlet/b1.health
              swiftlet worker --name w2 --data . --serve debian=0,2 --serve birds=all --broker …
            """)

    @Option(help: "Its name; a new worker of the same name replaces the old one.")
    var name: String

    @Option(help: "The set of workers it belongs to.")
    var pool = "default"

    @Option(help: "Search threads, 1 to 256.")
    var threads = 1

    @Option(
        help: "Its share of the tasks, compared with other replicas'; 0: its number of threads.")
    var weight = 0.0

    @Option(help: "Where it is; brokers of the same zone prefer it.")
    var zone = ""

    @Option(help: ArgumentHelp("The folder of index folders.", valueName: "folder"))
    var data: String

    @Option(help: ArgumentHelp("What to serve; may be repeated.", valueName: "index=all|0,1,…"))
    var serve: [String]

    @Option(
        help: ArgumentHelp("A broker's workers' endpoint; may be repeated.", valueName: "endpoint"))
    var broker: [String]

    @Option(
        help: ArgumentHelp("Where to publish health; may be repeated.", valueName: "endpoint"))
    var health: [String] = []

    @OptionGroup var busyPoll: BusyPollOptions

    @OptionGroup var metrics: MetricsOptions

    @Flag(help: "Allow tcp addresses of other hosts; there is no encryption yet.")
    var insecure = false

    @Flag(
        help: ArgumentHelp("The standard input is a supervisor's life line.", visibility: .hidden))
    var supervised = false

    func validate() throws {
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads \(threads): expected 1 to 256")
        }
        guard weight == 0 || NodeWeight.range.contains(weight) else {
            throw ValidationError("--weight \(weight): expected \(NodeWeight.expected)")
        }
        if !zone.isEmpty { try NameCheck.check(zone, option: "--zone") }
        guard !serve.isEmpty, !broker.isEmpty else {
            throw ValidationError("a worker needs at least one --serve and one --broker")
        }
        for endpoint in broker {
            try EndpointCheck.check(endpoint, option: "--broker", allowsInsecure: insecure)
        }
        for endpoint in health {
            try EndpointCheck.check(endpoint, option: "--health", allowsInsecure: insecure)
        }
        try NameCheck.check(name, option: "--name")
        try NameCheck.check(pool, option: "--pool")
        let indexes = try serve.map { try Self.selection($0).index }
        for index in indexes { try NameCheck.check(index, option: "--serve") }
        guard Set(indexes).count == indexes.count else {
            throw ValidationError("--serve names an index twice; give all its shards at once")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let logger = startLogging("worker \(name)")
            var options = WorkerOptions(
                name: name, pool: pool, threads: threads, dataFolder: data,
                serve: try serve.map(Self.selection), brokers: broker, health: health)
            options.weight = weight
            options.zone = zone
            options.busyPoll = busyPoll.time
            let measured = try metrics.start(label: ("worker", name), logger: logger)
            defer { measured.end() }
            options.metrics = measured.target
            let loop = try WorkerServer.start(
                options: options, context: try Context(), logger: logger)
            logger.info("serves \(serve.joined(separator: " "))")
            try stopOnSignal(isSupervised: supervised) { _ = loop.inbox.post(.drain) }
            await loop.end()
        }
    }

    /// `birds=all` or `birds=0,2`.
    static func selection(_ text: String) throws -> (index: String, shards: ShardSelection) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw ValidationError("--serve \(text): expected INDEX=all or INDEX=0,1,…")
        }
        let index = String(parts[0])
        guard parts[1] != "all" else { return (index, .all) }
        let numbers = parts[1].split(separator: ",", omittingEmptySubsequences: false)
            .map { UInt32($0) }
        let known = numbers.compactMap(\.self)
        guard known.count == numbers.count, Set(known).count == known.count else {
            throw ValidationError("--serve \(text): expected different shard numbers from 0")
        }
        return (index, .only(shardNumbers: known.sorted()))
    }
}
