import ArgumentParser
import SwiftletClient

/// `swiftlet stop`: ends a running cluster.
struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "End a running cluster: its workers, its brokers and its supervisors.",
        discussion: """
            An order to the supervisors that have joined the broker, for which one broker is enough. \
            Workers finish what they have, then the brokers end, then the supervisors. The command \
            returns when that has begun. SIGTERM to a supervisor does the same.

            Example:
              swiftlet stop --broker ipc:///run/swiftlet/broker-1.clients
            """)

    @OptionGroup var brokers: BrokerOptions

    @Option(help: "Only what the supervisor of this host runs.")
    var host: String?

    func run() async throws {
        try await reportingFailures {
            try await brokers.first { client, budget in
                try await client.stopCluster(host: host, within: budget)
            }
        }
    }
}
