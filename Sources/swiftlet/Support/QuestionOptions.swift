import ArgumentParser
import SwiftProtobuf
import SwiftletClient
import WireProtocol

/// One broker that is asked for one thing, and how its reply is printed.
struct QuestionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A broker's clients' endpoint.", valueName: "endpoint"))
    var broker: String

    @Flag(help: "Print the whole reply as JSON.")
    var json = false

    @Option(help: "How long to wait in all, in seconds.")
    var timeout = 10.0

    @Flag(help: "Allow tcp addresses of other hosts; there is no encryption yet.")
    var insecure = false

    func validate() throws {
        try EndpointCheck.check(broker, option: "--broker", allowsInsecure: insecure)
        guard timeout > 0, timeout <= 86_400 else {
            throw ValidationError("--timeout \(timeout): expected seconds, up to 86400")
        }
    }

    /// Asks, and prints the reply as JSON, or its text.
    func ask<Reply: Message>(
        as name: String, _ question: (SearchClient, Duration) async throws -> Reply,
        text: (Reply) -> String
    ) async throws {
        try await reportingFailures {
            let reply = try await withClient(of: [broker], as: name) { client in
                try await question(client, .seconds(timeout))
            }
            if json {
                Console.line(String(decoding: try WireCodec.json.encode(reply), as: UTF8.self))
            } else {
                Console.text(text(reply))
            }
        }
    }
}

/// Runs a body with a client of brokers, and closes it however the body ends.
///
/// - Parameter name: what the brokers call the client.
func withClient<Result>(
    of endpoints: [String], as name: String, _ body: (SearchClient) async throws -> Result
) async throws -> Result {
    let client = try SearchClient(endpoints: endpoints, name: name)
    do {
        let result = try await body(client)
        await client.close()
        return result
    } catch {
        await client.close()
        throw error
    }
}
