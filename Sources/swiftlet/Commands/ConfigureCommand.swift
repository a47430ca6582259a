import ArgumentParser
import SearchIndex
import SwiftletClient

/// `swiftlet configure`: changes settings of running brokers.
struct ConfigureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configure",
        abstract: "Show or change settings of running brokers.",
        discussion: """
            Any subset is changed at once; what is not named stays as it is, and without any the \
            settings are shown. They hold until the broker ends.

            Example:
              swiftlet configure --broker ipc:///run/swiftlet/broker-1.clients \\
                --load-balancing least_connections --query-timeout 2
            """)

    @OptionGroup var brokers: BrokerOptions

    @Option(
        help: "The time of a query whose client names none, in seconds; rounded up to milliseconds."
    )
    var queryTimeout: Double?

    @Option(help: "How often a task is tried again after workers were busy.")
    var maxRetries: Int?

    @Option(help: "How replicas are chosen where a search does not say.")
    var loadBalancing: LoadBalancing?

    @Flag(inversion: .prefixedNo, help: "Give a task that is late to a second replica too.")
    var hedging: Bool?

    @Option(help: "How the hits of shards become one list where a search does not say.")
    var merge: MergeStrategy?

    @Option(
        help: "Log queries that take at least so many seconds, rounded up to milliseconds; 0: none."
    )
    var slowQuery: Double?

    @Option(help: "How often workers check their shards, disk and loop, in seconds.")
    var healthCheck: Double?

    func validate() throws {
        if let slowQuery, !(0...86_400).contains(slowQuery) {
            throw ValidationError("--slow-query \(slowQuery): expected seconds, 0 to 300")
        }
        if let healthCheck, !(0...86_400).contains(healthCheck) {
            throw ValidationError("--health-check \(healthCheck): expected seconds, 0.1 to 3600")
        }
        if let queryTimeout, !(0...86_400).contains(queryTimeout) {
            throw ValidationError("--query-timeout \(queryTimeout): expected seconds, up to 300")
        }
        if let maxRetries, maxRetries < 0 {
            throw ValidationError("--max-retries \(maxRetries): expected 0 to 100")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let change = ClusterSettings(
                timeout: queryTimeout.map { .seconds($0) }, maxRetries: maxRetries,
                loadBalancing: loadBalancing, hedging: hedging, merge: merge,
                healthCheckInterval: healthCheck.map { .seconds($0) },
                slowQuery: slowQuery.map { .seconds($0) })
            try await brokers.each { client, endpoint, budget in
                let settings = try await client.configure(change, within: budget)
                Console.line("\(endpoint): \(Self.line(of: settings))")
            }
        }
    }

    /// All settings on one line.
    static func line(of settings: ClusterSettings) -> String {
        let timeout = settings.timeout.map { "\($0 / .seconds(1)) s" } ?? "unknown"
        let retries = settings.maxRetries.map { "\($0)" } ?? "unknown"
        return "query timeout \(timeout), max retries \(retries), load balancing "
            + (settings.loadBalancing?.rawValue ?? "unknown")
            + ", hedging " + (settings.hedging.map { $0 ? "on" : "off" } ?? "unknown")
            + ", health check every "
            + (settings.healthCheckInterval.map { "\($0 / .seconds(1)) s" } ?? "unknown")
            + ", slow queries "
            + (settings.slowQuery.map {
                $0 == .zero ? "not logged" : "from \($0 / .seconds(1)) s on"
            }
                ?? "unknown")
            + ", merge " + (settings.merge?.rawValue ?? "unknown")
    }
}
