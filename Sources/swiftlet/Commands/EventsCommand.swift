import ArgumentParser
import ClusterCore
import ClusterRuntime
import Logging
import SwiftProtobuf
import SwiftletClient
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
            queries. Nothing is sent twice: what a broker has told while nobody listened is missed, and \
            the standard error says so. With --broker the broker's status comes first, then every event \
            after it; and again where events were missed.

            Examples:
              swiftlet events ipc:///run/swiftlet/broker-1.events --json
              swiftlet events ipc:///run/swiftlet/broker-1.events \
                --broker ipc:///run/swiftlet/broker-1.clients
            """)

    @Argument(help: "Brokers' event endpoints.")
    var endpoints: [String]

    @Option(
        help: ArgumentHelp(
            "The clients' endpoint of the one broker whose events are shown: its status first.",
            valueName: "endpoint"))
    var broker: String?

    @Flag(help: "Print each as JSON; a status as `swiftlet status --json` does.")
    var json = false

    @Flag(help: "Allow tcp addresses of other hosts; there is no encryption yet.")
    var insecure = false

    func validate() throws {
        for endpoint in endpoints {
            try EndpointCheck.check(endpoint, option: "the endpoint", allowsInsecure: insecure)
        }
        if let broker {
            try EndpointCheck.check(broker, option: "--broker", allowsInsecure: insecure)
            guard endpoints.count == 1 else {
                throw ValidationError(
                    "--broker goes with one event endpoint, that of the same broker")
            }
        }
    }

    func run() async throws {
        try await reportingFailures {
            // What is not printed in time is dropped, oldest first, and reported as missed.
            let (events, sink) = AsyncStream.makeStream(
                of: WireBrokerEvent.self, bufferingPolicy: .bufferingNewest(10_000))
            let loop = try EventWatcher.start(
                endpoints: endpoints, context: try Context(), logger: startLogging("events"),
                report: { sink.yield($0) })
            try SignalWatcher.start { _ in
                _ = loop.inbox.post(.stop)
                sink.finish()
            }
            try await show(events)
            await loop.end()
        }
    }

    private func show(_ events: AsyncStream<WireBrokerEvent>) async throws {
        guard let broker else { return await follow(events, asking: nil) }
        try await withClient(of: [broker], as: "events") { await follow(events, asking: $0) }
    }

    private func follow(
        _ events: AsyncStream<WireBrokerEvent>, asking client: SearchClient?
    ) async {
        var follower = EventFollower(asksForStatus: client != nil)
        for await event in events {
            var steps = follower.received(event)[...]
            while let step = steps.popFirst() {
                switch step {
                case .show(let event): Console.line(json ? Self.json(event) : Self.line(event))
                case .missed(let count, let number, let broker):
                    Console.error("\(broker): \(count) events before \(number) were missed")
                case .askForStatus: steps += await status(of: client, for: &follower)
                }
            }
        }
    }

    /// Shows the status, and lets the follower go on from there.
    private func status(
        of client: SearchClient?, for follower: inout EventFollower
    ) async -> [EventFollower.Step] {
        do throws(SearchError) {
            guard let reply = try await client?.status(within: .seconds(2)) else {
                return follower.statusFailed()
            }
            let report = StatusReport(reply)
            Console.text(json ? Self.json(reply) + "\n" : report.text)
            return follower.received(reply.broker)
        } catch {
            Console.error("no status: \(error)")
            return follower.statusFailed()
        }
    }

    private static func line(_ event: WireBrokerEvent) -> String {
        "\(event.broker) \(event.sequence) \(event.kind.name): \(event.text)"
    }

    private static func json(_ message: some Message) -> String {
        // Encoding our own values cannot fail for what was just decoded.
        let text = (try? WireCodec.json.encode(message)) ?? []
        return String(decoding: text, as: UTF8.self)
    }
}
