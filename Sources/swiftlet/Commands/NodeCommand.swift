import ArgumentParser
import SwiftletClient

/// `swiftlet node`: changes how brokers use a worker.
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Change how running brokers use a worker.",
        discussion: """
            What is changed holds for the worker of that name, also after it has been started \
            again, until it is changed again or the broker ends. `swiftlet status` lists the workers.

            Examples:
              swiftlet node deactivate worker-1 --broker ipc:///run/swiftlet/broker-1.clients
              swiftlet node weight worker-1 0.5 --broker ipc:///run/swiftlet/broker-1.clients
            """,
        subcommands: [Activate.self, Deactivate.self, Weight.self])

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

    /// Tells every broker; what is nil stays as it is.
    func set(isActive: Bool? = nil, weight: Double? = nil) async throws {
        try await reportingFailures {
            try await brokers.each { client, _, budget in
                try await client.setNode(name, isActive: isActive, weight: weight, within: budget)
            }
        }
    }
}
