import ArgumentParser
import SwiftletClient

/// The brokers that a command tells something, each by itself.
struct BrokerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A broker's clients' endpoint; repeated, each broker is told.",
            valueName: "endpoint"))
    var broker: [String]

    @Option(help: "How long each broker may take, in seconds.")
    var timeout = 10.0

    @Flag(help: "Allow tcp addresses of other hosts; there is no encryption yet.")
    var insecure = false

    func validate() throws {
        guard !broker.isEmpty else { throw ValidationError("expected at least one --broker") }
        for endpoint in broker {
            try EndpointCheck.check(endpoint, option: "--broker", allowsInsecure: insecure)
        }
        guard timeout > 0, timeout <= 300 else {
            throw ValidationError("--timeout \(timeout): expected seconds, up to 300")
        }
    }

    /// Does something once, by a connection that goes to the next broker if one is silent.
    func first(
        _ body: (SearchClient, Duration) async throws -> Void
    ) async throws {
        try await withClient(of: broker, as: "admin") { try await body($0, .seconds(timeout)) }
    }

    /// Does something at each broker, in the order given, and reports the one that failed.
    ///
    /// All are tried; the first error is thrown in the end, so that one that is away keeps none of
    /// the others from being told.
    func each(
        _ body: (SearchClient, _ endpoint: String, Duration) async throws -> Void
    ) async throws {
        var failures: [CommandFailure] = []
        for endpoint in broker {
            do {
                try await withClient(of: [endpoint], as: "admin") {
                    try await body($0, endpoint, .seconds(timeout))
                }
            } catch {
                let failure = CommandFailure(error)
                failures.append(CommandFailure(failure.status, "\(endpoint): \(failure.message)"))
            }
        }
        for failure in failures.dropFirst() { Console.error(failure.message) }
        if let first = failures.first { throw first }
    }
}
