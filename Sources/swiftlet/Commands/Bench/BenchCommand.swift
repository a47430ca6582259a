import ArgumentParser

/// `swiftlet bench`: how fast an index is built and searched, and a cluster answers.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure building and searching in this process, or a cluster.",
        subcommands: [BenchIndexCommand.self, BenchSearchCommand.self, BenchClusterCommand.self])
}
