import ArgumentParser

/// `swiftlet index`: making and checking indexes.
struct IndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "Build, describe, merge and verify indexes.",
        subcommands: [
            IndexBuildCommand.self, IndexInfoCommand.self, IndexMergeCommand.self,
            IndexVerifyCommand.self,
        ])
}
