import ArgumentParser
import SearchIndex

/// `swiftlet index verify`: checks every byte.
struct IndexVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every byte of an index; name the file and section of every problem.",
        discussion: """
            Ends with 0 if the index is sound, with 1 if there are problems. Reads all of the index.

            Example:
              swiftlet index verify data/debian
            """)

    @Argument(help: "The index's folder.")
    var folder: String

    func run() async throws {
        try await reportingFailures {
            let problems = IndexVerifier.verify(directory: folder)
            for problem in problems { Console.line("\(problem)") }
            guard problems.isEmpty else {
                Console.error("\(folder): \(problems.count) problems")
                throw ExitStatus.partial.exitCode
            }
            Console.line("\(folder): sound")
        }
    }
}
