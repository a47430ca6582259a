import ArgumentParser
import ClusterCore
import ClusterRuntime
import Logging
import WireMessages
import WireProtocol
import ZeroMQ

/// `swiftlet events`: what happens in a cluster, as it happens.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Show the events of brokers as they happen, until interrupted.",
        discussion: """
            A line each: workers that join, are suspected, lost or changed, breakers, settings, slow \
            queries. Nothing is sent twice: a gap in the numbers of a broker says that events were \
            missed, and `swiftlet status` has what they led to.

            Example:
              swiftlet events ipc:///run/swiftlet/broker-1.events --json
            """)

    @Argument(help: "Brokers' event endpoints.")
    var endpoints: [String]

    @Flag(help: "Print each as JSON.")
    var json = false

    @Flag(help: "Allow tcp addresses of other hosts; there is no encryption yet.")
    var insecure = false

    func validate() throws {
        for endpoint in endpoints {
            try EndpointCheck.check(endpoint, option: "the endpoint", allowsInsecure: insecure)
        }
    }

    func run() async throws {
        try await reportingFailures {
            let loop = try EventWatcher.start(
                endpoints: endpoints, context: try Context(), logger: startLogging("events"),
                report: { [json] event in Console.line(json ? Self.json(event) : Self.line(event)) }
            )
            try SignalWatcher.start { _ in _ = loop.inbox.post(.stop) }
            await loop.end()
        }
    }

    private static func line(_ event: WireBrokerEvent) -> String {
        "\(event.broker) \(event.sequence) \(event.kind.name): \(event.text)"
    }

    private static func json(_ event: WireBrokerEvent) -> String {
        // Encoding our own values cannot fail for what was just decoded.
        let text = (try? WireCodec.json.encode(event)) ?? []
        return String(decoding: text, as: UTF8.self)
    }
}
