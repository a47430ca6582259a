import ArgumentParser
import SwiftletClient
import WireMessages

/// `swiftlet metrics`: what a broker's process measures.
struct MetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Print a broker's metrics in the text format of Prometheus.",
        discussion: """
            docs/operations.md lists them. --json prints the METRICS_REPLY of docs/protocol.md. Workers \
            write theirs to a file, with the option --metrics-file of `swiftlet worker`.

            Example:
              swiftlet metrics --broker ipc:///run/swiftlet/broker-1.clients
            """)

    @OptionGroup var question: QuestionOptions

    func validate() throws {
        // Unlike `status`, it waits for nothing but the reply.
        guard question.timeout <= 300 else {
            throw ValidationError("--timeout \(question.timeout): expected seconds, up to 300")
        }
    }

    func run() async throws {
        try await question.ask(as: "metrics") { client, budget in
            try await client.metrics(within: budget)
        } text: { reply in
            reply.text
        }
    }
}
