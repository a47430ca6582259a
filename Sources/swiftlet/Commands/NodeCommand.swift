import ArgumentParser
import SwiftletClient

/// `swiftlet node`: changes which workers there are, and how brokers use them.
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Change which workers there are, and how running brokers use them.",
        discussion: """
            add, remove, drain and start are orders to supervisors, for which one broker is enough. \
            What else is changed holds for the worker of that name, also after it has been started \
            again, until it is changed again or the broker ends. `swiftlet status` lists the workers.

            Examples:
              swiftlet node deactivate worker-1 --broker ipc:///run/swiftlet/broker-1.clients
              swiftlet node weight worker-1 0.5 --broker ipc:///run/swiftlet/broker-1.clients
            """,
        subcommands: [
            Add.self, Remove.self, Drain.self, Start.self, Activate.self, Deactivate.self,
            Weight.self,
        ])

    /// `swiftlet node add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a supervisor start workers and keep them running.",
            discussion: """
                They are not written into cluster.yaml: a supervisor that is started anew does not \
                know them.

                Example:
                  swiftlet node add worker-3=local://debian --broker ipc:///run/swiftlet/broker-1.clients
                """)

        @OptionGroup var brokers: BrokerOptions

        @Argument(
            help: ArgumentHelp(
                "Its name and index; may be repeated.", valueName: "name=local://index"))
        var nodes: [String]

        @Option(help: "Search threads of each, 1 to 256.")
        var threads = 1

        @Option(help: "Its share of the tasks; without: its number of threads.")
        var weight: Double?

        @Option(help: "The host whose supervisor starts them, where there are several.")
        var host: String?

        @Option(help: "The set of workers that they belong to; without: default.")
        var pool: String?

        @Option(help: "Where they are; brokers of the same zone prefer them.")
        var zone: String?

        func validate() throws { _ = try wanted }

        private var wanted: [NewNode] {
            get throws {
                try nodes.map { text in
                    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                    guard parts.count == 2 else {
                        throw ValidationError("'\(text)': expected NAME=local://INDEX")
                    }
                    return NewNode(
                        parts[0], endpoint: parts[1], weight: weight, threads: threads, host: host,
                        pool: pool, zone: zone)
                }
            }
        }

        func run() async throws {
            try await reportingFailures {
                try await brokers.first { client, budget in
                    try await client.addNodes(try wanted, within: budget)
                }
            }
        }
    }

    /// `swiftlet node remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a worker finish what it has, end, and be forgotten.")

        @OptionGroup var node: NodeOptions

        func run() async throws {
            try await node.order { client, name, budget in
                try await client.removeNode(name, within: budget)
            }
        }
    }

    /// `swiftlet node drain`.
    struct Drain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a worker finish what it has and end, until it is started.")

        @OptionGroup var node: NodeOptions

        func run() async throws {
            try await node.order { client, name, budget in
                try await client.drainNode(name, within: budget)
            }
        }
    }

    /// `swiftlet node start`.
    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a supervisor start a worker that was drained or given up.")

        @OptionGroup var node: NodeOptions

        func run() async throws {
            try await node.order { client, name, budget in
                try await client.startNode(name, within: budget)
            }
        }
    }

    /// `swiftlet node activate`.
    struct Activate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a worker tasks again.")

        @OptionGroup var node: NodeOptions

        func run() async throws {
            try await node.set(isActive: true)
        }
    }

    /// `swiftlet node deactivate`.
    struct Deactivate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a worker no new tasks, whatever its health; it finishes what it has.")

        @OptionGroup var node: NodeOptions

        func run() async throws {
            try await node.set(isActive: false)
        }
    }

    /// `swiftlet node weight`.
    struct Weight: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set a worker's share of the tasks, compared with other replicas'.")

        @OptionGroup var node: NodeOptions
        @Argument(help: "0.001 to 1000000, or 0: as the worker says.")
        var weight: Double

        func run() async throws {
            try await node.set(weight: weight)
        }
    }
}

/// The worker that is changed, and the brokers that are told.
struct NodeOptions: ParsableArguments {
    @OptionGroup var brokers: BrokerOptions

    @Argument(help: "The worker's name.")
    var name: String

    /// Asks the first broker that answers: what supervisors do, they do for all brokers.
    func order(
        _ body: @Sendable (SearchClient, String, Duration) async throws -> Void
    ) async throws {
        try await reportingFailures {
            try await brokers.first { client, budget in try await body(client, name, budget) }
        }
    }

    /// Tells every broker; what is nil stays as it is.
    func set(isActive: Bool? = nil, weight: Double? = nil) async throws {
        try await reportingFailures {
            try await brokers.each { client, _, budget in
                try await client.setNode(name, isActive: isActive, weight: weight, within: budget)
            }
        }
    }
}
