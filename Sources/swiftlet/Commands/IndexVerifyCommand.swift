import ArgumentParser
import SearchIndex

struct IndexVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "verify")
    @Argument var folder: String
    func run() async throws {}
}
