import ArgumentParser

/// The executable: it only parses arguments and wires the layers together.
@main
struct SwiftletCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftlet",
        abstract: "Distributed full-text search.",
        discussion: """
            Build an index from JSON lines and search it in this process:
              swiftlet index build --shards 2 --output data/birds birds.jsonl
              swiftlet search --index data/birds 'caves AND echo'
            Start a cluster and search it:
              swiftlet supervise --config cluster.yaml
              swiftlet search --broker ipc:///run/swiftlet/broker-1.clients 'caves AND echo'

            Exit codes: 0 done; 1 some queries failed, or problems were found; 64 wrong command \
            line; 65 bad input or query; 66 no such input; 69 no broker or no workers answer; \
            73 output cannot be made; 74 reading or writing failed; 78 cluster.yaml is refused.
            """,
        version: "0.1.0",
        subcommands: [
            IndexCommand.self, AnalyzeCommand.self, SearchCommand.self, BatchCommand.self,
            BrokerCommand.self, WorkerCommand.self, SuperviseCommand.self, StatusCommand.self,
            NodeCommand.self, StopCommand.self, ConfigureCommand.self, EventsCommand.self,
            MetricsCommand.self,
            BenchCommand.self,
        ])
}
