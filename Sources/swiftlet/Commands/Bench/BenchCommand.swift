import ArgumentParser

/// `swiftlet bench`: how fast an index is built and searched, a cluster answers, and
/// a broker takes.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure building and searching in this process, a cluster, or a broker.",
        subcommands: [
            BenchIndexCommand.self, BenchSearchCommand.self, BenchClusterCommand.self,
            BenchBrokerCommand.self,
        ])
}
