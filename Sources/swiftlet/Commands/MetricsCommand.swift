import ArgumentParser
import SwiftletClient
import WireMessages
import WireProtocol

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

    @Option(help: ArgumentHelp("A broker's clients' endpoint.", valueName: "endpoint"))
    var broker: String

    @Flag(help: "Print the reply as JSON.")
    var json = false

    @Option(help: "How long the broker may take, in seconds.")
    var timeout = 10.0

    @Flag(help: "Allow tcp addresses of other hosts; there is no encryption yet.")
    var insecure = false

    func validate() throws {
        try EndpointCheck.check(broker, option: "--broker", allowsInsecure: insecure)
        guard timeout > 0, timeout <= 300 else {
            throw ValidationError("--timeout \(timeout): expected seconds, up to 300")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let client = try SearchClient(endpoints: [broker], name: "metrics")
            let reply: WireMetricsReply
            do {
                reply = try await client.metrics(within: .seconds(timeout))
            } catch {
                await client.close()
                throw error
            }
            await client.close()
            if json {
                Console.line(String(decoding: try WireCodec.json.encode(reply), as: UTF8.self))
            } else {
                Console.text(reply.text)
            }
        }
    }
}
