import ArgumentParser

/// `swiftlet bench`: how fast an index is built and searched on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure building and searching, in this process.",
        subcommands: [BenchIndexCommand.self, BenchSearchCommand.self])
}
